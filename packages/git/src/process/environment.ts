/** The environment of a process, as an argument. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A Git setting given to one command only: it never reaches a file or the arguments. */
export type Setting = readonly [key: string, value: string];

// What would point Git to another repository or object store (git-rev-parse(1), `--local-env-vars`) or print
// requests with their headers. GIT_CONFIG_* stays: it is the caller's configuration.
const repositoryVariables =
  /^GIT_(?:TRACE.*|CURL_VERBOSE|DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|QUARANTINE_PATH|CEILING_DIRECTORIES|DEFAULT_HASH|REDIRECT_.*|PROTOCOL|ALLOW_PROTOCOL|LITERAL_PATHSPECS|GLOB_PATHSPECS|NOGLOB_PATHSPECS|ICASE_PATHSPECS)$/i;

/**
 * The environment for Git: the caller's without what would lead Git elsewhere, never interactive, in English, with
 * `settings` as configuration of the highest precedence (git-config(1), GIT_CONFIG_COUNT).
 */
export function gitEnvironment(env: Environment, settings: readonly Setting[] = []): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) {
    if (value !== undefined && !repositoryVariables.test(key)) clean[key] = value;
  }
  const inherited = Number.parseInt(clean.GIT_CONFIG_COUNT ?? "0", 10) || 0;
  for (const [index, [key, value]] of settings.entries()) {
    clean[`GIT_CONFIG_KEY_${inherited + index}`] = key;
    clean[`GIT_CONFIG_VALUE_${inherited + index}`] = value;
  }
  if (settings.length > 0) clean.GIT_CONFIG_COUNT = String(inherited + settings.length);
  return {
    ...clean,
    LC_ALL: "C",
    LANGUAGE: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "file:http:https:ssh",
  };
}
