import type { AppName, EnvName, RepoPath } from "../model/names.ts";
import type { FileAt } from "../ports/config-repository.ts";
import type { Editor } from "../ports/editor.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Tips } from "../state/tips.ts";

/** A value that a release put into a file, and that has been changed past Glu since. */
export interface Drifted {
  app: AppName;
  environment: EnvName;
  path: string;
  selector: string;
  /** What the record says. */
  recorded: string;
  /** What the file says; undefined when it is gone. */
  found: string | undefined;
}

interface Place {
  app: AppName;
  environment: EnvName;
}

/**
 * Where the files at the tips do not say what the records say. Reads every file that a current release wrote, those of
 * a repository at once. What cannot be read is left to whoever decides there.
 */
export async function driftedValues(
  places: readonly Place[],
  tips: Tips,
  editors: readonly Editor[],
): Promise<Drifted[]> {
  await tips.load(places);
  const state = tips.state();
  const current = places.flatMap((place) => {
    const release = ifReadable(() => state.current(place.app, place.environment)) ?? undefined;
    return release === undefined ? [] : [{ ...place, release }];
  });
  await tips.loadFiles(
    current.map(({ environment, release }) => ({
      environment,
      files: release.writes.map(({ path }) => path as RepoPath),
    })),
  );
  return current.flatMap(({ app, environment, release }) => {
    const files = tips.filesOf(environment);
    return release.writes.flatMap((written) => {
      const editor = editors.find(({ kind }) => kind === written.editor);
      if (editor === undefined) return [];
      const found = valueAt(files.get(written.path as RepoPath), editor, written.selector);
      if (found === written.value) return [];
      const { path, selector, value: recorded } = written;
      return [{ app, environment, path, selector, recorded, found }];
    });
  });
}

function valueAt(file: FileAt | undefined, editor: Editor, selector: string): string | undefined {
  return file === undefined || file.kind !== "file" ? undefined : editor.read(file.content, selector);
}
