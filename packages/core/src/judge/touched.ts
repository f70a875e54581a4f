import { type EditTools, foreseePaths } from "../edit/edit.ts";
import type { GateResult } from "../model/decision.ts";
import type { EnvName, RepoPath } from "../model/names.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { recordPath, type Written } from "../model/record.ts";
import type { FileAt } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { TipReader } from "../state/tip-reader.ts";
import { inTheWay, type Stance } from "./stance.ts";

export interface TouchedPlace {
  app: App;
  environment: Environment;
}

/** Places of environments whose record is among the paths. */
export function placesIn(
  paths: ReadonlySet<RepoPath>,
  environments: readonly Environment[],
  { apps }: Pipeline,
): TouchedPlace[] {
  return environments.flatMap((environment) =>
    [...apps.values()]
      .filter((app) => app.environments.includes(environment.name) && paths.has(recordPath(app.name, environment.name)))
      .map((app) => ({ app, environment })),
  );
}

/** Values that a commit's files do not have as its record says. */
export function disagreeing(
  writes: readonly Written[],
  files: ReadonlyMap<RepoPath, FileAt>,
  editors: readonly Editor[],
): Written[] {
  return writes.filter((written) => {
    const editor = editors.find(({ kind }) => kind === written.editor);
    return (
      editor !== undefined && valueIn(files.get(written.path as RepoPath), editor, written.selector) !== written.value
    );
  });
}

function valueIn(file: FileAt | undefined, editor: Editor, selector: string): string | undefined {
  return file?.kind === "file" ? editor.read(file.content, selector) : undefined;
}

/**
 * Where a commit changes values that Glu wrote, and not the record: nobody decided that. Only records are read whose
 * files are among the paths.
 */
export async function changedByHand(
  paths: ReadonlySet<RepoPath>,
  places: readonly TouchedPlace[],
  { head, base, tools }: { head: TipReader; base: TipReader; tools: EditTools },
): Promise<Stance[]> {
  const possible = places.filter(({ app, environment }) =>
    foreseePaths(app, environment, tools).some((path) => paths.has(path)),
  );
  const records = documentPaths(possible.map(({ app, environment }) => recordPath(app.name, environment.name)));
  await head.load(records);
  const current = possible.flatMap(({ app, environment }) => {
    const release = ifReadable(() => readCurrent(head.files, app.name, environment.name)) ?? undefined;
    const writes = release?.writes.filter(({ path }) => paths.has(path as RepoPath)) ?? [];
    return writes.length === 0 ? [] : [{ app: app.name, environment: environment.name, writes }];
  });
  const files = current.flatMap(({ writes }) => writes.map(({ path }) => path as RepoPath));
  await Promise.all([head.load(files), base.load(files)]);
  return current.flatMap(({ app, environment, writes }): Stance[] => {
    const before = new Set(disagreeing(writes, base.files, tools.editors));
    // What was changed before this commit is not its doing.
    const [first] = disagreeing(writes, head.files, tools.editors).filter((written) => !before.has(written));
    return first === undefined ? [] : [{ app, environment, gates: [byHand(first, environment)] }];
  });
}

const byHand = ({ selector, path }: Written, environment: EnvName): GateResult =>
  inTheWay("drift/changed-by-hand", `${selector} in ${path} is changed by hand`, `promote to ${environment} instead`);
