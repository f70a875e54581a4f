import { createTemplates } from "@glu/config";
import { type PreviewTemplate, repoPath } from "@glu/core";
import { kustomizations, manifests } from "@glu/editors";
import type { PreviewSettings } from "../../packages/core/src/preview/options.ts";
import { previewUp } from "../../packages/core/src/preview/up.ts";
import { type PreviewWorld, previewWorld, settings, upOf } from "../../packages/core/src/test-kit/previews.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (content: Uint8Array | undefined): string => new TextDecoder().decode(content);

/** Files of a folder, by their paths below it. */
export const filesOf = (files: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, content]) => [path, bytes(content)]));

/** A template in the folder `templates/web`, beside which the repository has other files. */
export function templateOf(
  files: Readonly<Record<string, string>>,
  elsewhere: Readonly<Record<string, string>> = {},
): PreviewTemplate {
  const all = filesOf(elsewhere);
  return {
    ...{ from: "templates/web", files: filesOf(files), isBeside: true },
    below: async (path) =>
      new Map(
        [...all].flatMap(([one, content]) =>
          one === path || one.startsWith(`${path}/`) ? [[repoPath(one), content]] : [],
        ),
      ),
  };
}

/** A world in memory, whose templates and manifests are read as in a real one. */
export async function worldOf(template: PreviewTemplate): Promise<PreviewWorld> {
  const world = previewWorld();
  world.template = template;
  return Object.assign(world, { manifests, kustomizations, templates: await createTemplates() });
}

/** What is written for pull request 7, by paths below the preview's folder. */
export async function upIn(
  world: PreviewWorld,
  more: Partial<PreviewSettings> = {},
  request: Parameters<typeof upOf>[1] = {},
) {
  const pull = world.pulls.all.get(7) ?? world.pulls.set(7);
  const result = await previewUp(upOf(pull, { settings: { ...settings, ...more }, ...request }), world);
  const folder = "previews/web/pr-7/";
  const paths = (result.preview?.files ?? []).map(({ path }) => path);
  const files = Object.fromEntries(
    paths.map((path) => [path.slice(folder.length), world.repository.text(path)] as const),
  );
  return { ...result, files };
}
