import { type AppName, type BringBackPorts, type PreviewTemplate, type RefName, UserError } from "@glu/core";
import type { Connected } from "./preview.ts";
import { type Opened, settingsFor } from "./preview-access.ts";
import { templateOf } from "./preview-template.ts";

/** What previews are rendered with again. Templates are read once for each app and branch, at a tip. */
export async function bringBackPorts(
  { pipeline, previews, repository }: Pick<Opened, "pipeline" | "previews" | "repository">,
  connected: Connected,
): Promise<BringBackPorts> {
  const [{ createTemplates }, { manifests }] = await Promise.all([import("@glu/config"), import("@glu/editors")]);
  const read = new Map<string, Promise<PreviewTemplate>>();
  return {
    ...{ manifests, templates: await createTemplates() },
    settingsOf: (name) => settingsFor(pipeline.apps.get(name), previews),
    templateOf: ({ app: name, base }, tip) => {
      const key = JSON.stringify([name, base, tip.commit]);
      const known = read.get(key) ?? templateAt(name as AppName, base, tip);
      read.set(key, known);
      return known;
    },
  };

  async function templateAt(name: AppName, base: string | undefined, tip: Parameters<BringBackPorts["templateOf"]>[1]) {
    const app = pipeline.apps.get(name);
    if (app === undefined) {
      throw new UserError("preview/not-declared", `The config does not declare ${name} any more.`, { seen: name });
    }
    const at = { previews: repository, into: previews.folder, base: base as RefName | undefined };
    return (await templateOf(app, at, connected))(tip);
  }
}
