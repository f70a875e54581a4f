import {
  type App,
  type AppPreview,
  type Bytes,
  type ConfigRepository,
  type PreviewPorts,
  type PreviewTemplate,
  type RefName,
  type RepoPath,
  type Snapshot,
  UserError,
} from "@glu/core";
import type { Connected } from "./preview.ts";
import { filesBelow, readingOf } from "./preview-files.ts";

interface Asked {
  number: number;
  /** Where previews live, and the folder they are in. */
  previews: ConfigRepository;
  into: RepoPath;
  /** The branch that the pull request goes into; undefined where nobody has told: the default branch. */
  base: RefName | undefined;
}

/**
 * Reads the templates of an app: of the config repository at its tip, or of the app's repository on the base branch. What
 * is different for one pull request is the config repository's, the app's own manifest the app's.
 * @throws UserError `preview/inside`, `preview/not-declared`, `preview/no-template`, `preview/too-large`, `manifest/…`
 */
export async function templateOf(
  app: App,
  { number, previews, into, base }: Asked,
  { connection }: Connected,
): Promise<PreviewPorts["loadTemplate"]> {
  const { preview } = app;
  if (preview === undefined) {
    throw new UserError("preview/not-declared", `The config says nothing of previews of ${app.name}.`, {
      seen: app.name,
      fix: `Write apps.${app.name}.preview: { template: deploy/preview }.`,
    });
  }
  const { repository } = connection;
  checkPlaces(preview, repository === previews ? into : undefined);
  const needsApp = preview.from === "app" || preview.manifest !== undefined;
  const own = needsApp ? await connection.repositoryAt({ repository: sourceOf(app), ref: base }) : undefined;
  const isBeside = preview.from === "config" && repository === previews;
  return async (tip) => {
    // Where previews live in the same repository, what it says is that of the tip that is decided on.
    const config = once(() => (repository === previews ? Promise.resolve(tip) : repository.open()));
    const source = once(async () => own?.open());
    const at = (preview.from === "app" ? await source() : await config()) as Snapshot;
    const reading = readingOf(preview.template ?? preview.manifest ?? "");
    const files =
      preview.template === undefined ? new Map<string, Bytes>() : await filesIn(at, preview.template, reading);
    const manifest =
      preview.manifest === undefined
        ? undefined
        : await manifestIn((await source()) as Snapshot, preview.manifest, app);
    const { overrides } = preview;
    const folder = overrides === undefined ? undefined : (`${overrides}/${number}` as RepoPath);
    const different = folder === undefined ? undefined : await filesIn(await config(), folder, reading);
    return {
      from: preview.template ?? manifest?.from ?? app.name,
      files,
      ...(folder === undefined || different === undefined || different.size === 0
        ? {}
        : { overrides: { from: folder, files: different } }),
      ...(manifest === undefined ? {} : { manifest }),
      isBeside,
      below: (path) => filesBelow(at, path, reading),
    };
  };
}

/** What is deployed is no template, and what is different from one is none of its files. */
function checkPlaces({ template, overrides, from }: AppPreview, into: RepoPath | undefined): void {
  const isIn = (path: RepoPath, folder: RepoPath) => `${path}/`.startsWith(`${folder}/`);
  const inConfig = [from === "config" ? template : undefined, overrides].filter((path) => path !== undefined);
  const deployed = into === undefined ? undefined : inConfig.find((path) => isIn(path, into));
  if (deployed !== undefined) {
    throw new UserError("preview/inside", `The template ${deployed} lies in the folder of previews.`, {
      seen: deployed,
      fix: `Move it out of ${into}: what is in there is deployed.`,
    });
  }
  if (from === "config" && template !== undefined && overrides !== undefined && isIn(overrides, template)) {
    throw new UserError("preview/inside", `The overrides ${overrides} lie in the template ${template}.`, {
      seen: overrides,
      fix: "Put them beside it, such as previews/common and previews/pull-request-number.",
    });
  }
}

function sourceOf({ name, repository }: App): string {
  if (repository !== undefined) return repository;
  throw new UserError("preview/no-repository", `In which repository ${name} is, is not declared.`, {
    seen: name,
    fix: `Write apps.${name}.repository: owner/name.`,
  });
}

/** The files of a folder by their paths below it. */
async function filesIn(
  tip: Snapshot,
  folder: RepoPath,
  reading: ReturnType<typeof readingOf>,
): Promise<Map<string, Bytes>> {
  const files = await filesBelow(tip, folder, reading);
  return new Map([...files].map(([path, content]) => [path.slice(folder.length + 1), content]));
}

/** GimletD calls the app of one `<app>-preview` as well. */
async function manifestIn(
  tip: Snapshot,
  path: RepoPath,
  { name }: App,
): Promise<NonNullable<PreviewTemplate["manifest"]>> {
  const { parseManifests } = await import("./manifests.ts");
  const file = (await tip.read([path])).get(path);
  const text = file?.kind === "file" ? new TextDecoder().decode(file.content) : undefined;
  const all = text === undefined ? [] : parseManifests(text, path);
  const [manifest, second] = all.filter(
    (one) => one.preview === true && (one.app === name || one.app === `${name}-preview`),
  );
  if (manifest === undefined) {
    const seen = text === undefined ? `${path} is not there` : `${path} has no manifest of ${name} with preview: true`;
    throw new UserError("preview/no-manifest", `${seen}.`, {
      seen: path,
      fix: "Put it on the branch that pull requests go into, or remove manifest from the config.",
    });
  }
  if (second !== undefined) {
    throw new UserError("manifest/duplicate", `There are several manifests of ${name}'s previews in ${path}.`, {
      seen: name,
      at: { file: path },
      fix: "Keep one.",
    });
  }
  return { from: path, manifest };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
