import {
  type App,
  type Bytes,
  type ConfigRepository,
  type PreviewPorts,
  type PreviewTemplate,
  type RefName,
  type RepoPath,
  repoPath,
  type Snapshot,
  UserError,
} from "@glu/core";
import type { Connected } from "./preview.ts";

/** Files and bytes that a template may have. */
const most = { files: 200, bytes: 2_000_000, depth: 8 };

/**
 * Reads the templates of an app: of the config repository at its tip, or of the app's repository on the base branch.
 * @param into the folder of previews
 * @param base the branch that the pull request goes into; undefined where nobody has told: the default branch
 * @throws UserError `preview/inside`, `preview/not-declared`, `preview/no-template`, `preview/too-large`
 */
export async function templateOf(
  app: App,
  { previews, into, base }: { previews: ConfigRepository; into: RepoPath; base: RefName | undefined },
  { connection }: Connected,
): Promise<PreviewPorts["loadTemplate"]> {
  const { preview, repository: name } = app;
  if (preview === undefined) {
    throw new UserError("preview/not-declared", `The config says nothing of previews of ${app.name}.`, {
      seen: app.name,
      fix: `Write apps.${app.name}.preview: { template: deploy/preview }.`,
    });
  }
  const { template: folder } = preview;
  if (preview.from === "config") {
    const { repository } = connection;
    if (repository === previews && `${folder}/`.startsWith(`${into}/`)) {
      throw new UserError("preview/inside", `The template ${folder} lies in the folder of previews.`, {
        seen: folder,
        fix: `Move it out of ${into}: what is in there is deployed.`,
      });
    }
    // Where previews live in the same repository, the templates are those of the tip that is decided on.
    return async (tip) => readTemplate(repository === previews ? tip : await repository.open(), folder);
  }
  if (name === undefined) {
    throw new UserError("preview/no-repository", `In which repository ${app.name} is, is not declared.`, {
      seen: folder,
      fix: `Write apps.${app.name}.repository: owner/name.`,
    });
  }
  const own = await connection.repositoryAt({ repository: name, ref: base });
  return async () => readTemplate(await own.open(), folder);
}

async function readTemplate(tip: Snapshot, folder: RepoPath): Promise<PreviewTemplate> {
  const paths = await pathsBelow(tip, folder, 0);
  const files = await tip.read(paths);
  const contents = new Map<string, Bytes>();
  let bytes = 0;
  for (const path of paths.sort()) {
    const file = files.get(path);
    if (file?.kind !== "file") continue;
    bytes += file.content.length;
    if (bytes > most.bytes) throw tooLarge(folder, `more than ${most.bytes / 1_000_000} MB`);
    contents.set(path.slice(folder.length + 1), file.content);
  }
  return { from: folder, files: contents };
}

async function pathsBelow(tip: Snapshot, folder: RepoPath, depth: number): Promise<RepoPath[]> {
  const entries = (await tip.list(folder)) ?? [];
  if (depth > most.depth) throw tooLarge(folder, `folders more than ${most.depth} deep`);
  const below = await Promise.all(
    entries.map(async ({ name, kind }): Promise<RepoPath[]> => {
      const path = repoPath(`${folder}/${name}`);
      if (kind === "folder") return pathsBelow(tip, path, depth + 1);
      if (kind === "file") return [path];
      throw new UserError("preview/no-template", `${path} is neither a file nor a folder.`, {
        seen: kind,
        fix: "A template has files only: no links, no submodules.",
      });
    }),
  );
  const paths = below.flat();
  if (paths.length > most.files) throw tooLarge(folder, `more than ${most.files} files`);
  return paths;
}

function tooLarge(folder: string, seen: string): UserError {
  return new UserError("preview/too-large", `The template ${folder} has ${seen}.`, {
    seen,
    fix: "A preview is rendered with every push: keep what it does not need somewhere else.",
  });
}
