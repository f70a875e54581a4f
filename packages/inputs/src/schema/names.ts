/** `config-repository` → `configRepository`, in types. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/**
 * The one mapping between the name people write (`config-repository`: actions, GitLab, flags, docs) and the name code
 * reads (`configRepository`).
 */
export function camelCase<Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Name>;
}

/** `config-repository` → `GLU_INPUT_CONFIG_REPOSITORY`: the variable that gives an input on GitLab and to the CLI. */
export function variableName(name: string): string {
  return `GLU_INPUT_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** `artifact-id` → `GLU_ARTIFACT_ID`: the variable that carries an output to later GitLab jobs (a dotenv report). */
export function outputVariableName(name: string): string {
  return `GLU_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** `config-repository` → `INPUT_CONFIG-REPOSITORY`: GitHub upper-cases, keeps hyphens and turns spaces into `_`. */
export function actionVariableName(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
