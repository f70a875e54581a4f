import { discoveryFolders, parseConfig } from "@glu/config";
import {
  configurableGates,
  type LoadPipeline,
  type Pipeline,
  type RepoPath,
  repoPath,
  type Snapshot,
  UserError,
} from "@glu/core";
import { editors } from "@glu/editors";

/**
 * Reads the config at a tip. A file that has not changed since the last attempt is not parsed again.
 * @throws UserError `config/not-found`, and those of `parseConfig`
 */
export function pipelineLoader(file: RepoPath): LoadPipeline {
  let last: { key: string; pipeline: Pipeline } | undefined;
  return async (tip) => {
    const text = await readConfig(tip, file);
    const folders = await listFolders(tip, discoveryFolders(text));
    const key = JSON.stringify([text, [...folders]]);
    if (last?.key !== key) {
      last = { key, pipeline: parseConfig({ file, text, editors, gates: configurableGates, folders }) };
    }
    return last.pipeline;
  };
}

async function readConfig(tip: Snapshot, file: RepoPath): Promise<string> {
  const found = (await tip.read([file])).get(file);
  if (found === undefined || found.kind !== "file") {
    const what = found === undefined ? "There is no" : `A ${found.kind} is at`;
    throw new UserError("config/not-found", `${what} ${file} at the tip of ${tip.branch}.`, {
      seen: file,
      at: { file },
      fix: "Add it to that branch, name another with config, or check config-repository and ref.",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(found.content);
  } catch (cause) {
    throw new UserError("config/encoding", `${file} is not UTF-8.`, {
      seen: file,
      at: { file },
      fix: "Save it as UTF-8.",
      cause,
    });
  }
}

/** What lies in the folders that are there; of the others the config's parser says that they are not. */
async function listFolders(tip: Snapshot, folders: readonly string[]): Promise<Map<string, string[]>> {
  const listed = await Promise.all(
    folders.map(async (folder): Promise<[string, string[]][]> => {
      const entries = await tip.list(folder === "" ? "" : repoPath(folder));
      if (entries === undefined) return [];
      return [[folder, entries.filter(({ kind }) => kind === "folder").map(({ name }) => name)]];
    }),
  );
  return new Map(listed.flat());
}
