import {
  type AppName,
  type BringBackPorts,
  type Preview,
  type PreviewTemplate,
  type RefName,
  type Snapshot,
  UserError,
} from "@glu/core";
import type { Connected } from "./preview.ts";
import { makingOf, type Opened } from "./preview-access.ts";
import { builderOf } from "./preview-build.ts";
import { templateOf } from "./preview-template.ts";

/**
 * What previews are rendered with again. Templates are read once for each app and branch, at a tip; where a pull request
 * may have its own, for each.
 */
export async function bringBackPorts(
  { pipeline, previews, repository }: Pick<Opened, "pipeline" | "previews" | "repository">,
  connected: Connected,
): Promise<BringBackPorts> {
  const [{ createTemplates }, { manifests, kustomizations }] = await Promise.all([
    import("@glu/config"),
    import("@glu/editors"),
  ]);
  const read = new Map<string, Promise<PreviewTemplate>>();
  return {
    ...{ manifests, kustomizations, templates: await createTemplates(), builder: builderOf(connected.surroundings) },
    settingsOf: (name) => makingOf(pipeline.apps.get(name), previews),
    templateOf: (preview, tip) => {
      const { app: name, number, base } = preview;
      const isOwn = pipeline.apps.get(name as AppName)?.preview?.overrides !== undefined;
      const key = JSON.stringify([name, base, tip.commit, isOwn ? number : undefined]);
      const known = read.get(key) ?? templateAt(preview, tip);
      read.set(key, known);
      return known;
    },
  };

  async function templateAt({ app: name, number, base }: Preview, tip: Snapshot) {
    const app = pipeline.apps.get(name as AppName);
    if (app === undefined) {
      throw new UserError("preview/not-declared", `The config does not declare ${name} any more.`, { seen: name });
    }
    const at = { number, previews: repository, into: previews.folder, base: base as RefName | undefined };
    return (await templateOf(app, at, connected))(tip);
  }
}
