import type { App, AppName, Environment, EnvName, Write } from "@glu/core";
import { appPlaceholder } from "../grammar/app.ts";
import type { WriteEntry } from "../grammar/write.ts";
import type { Path } from "../source/places.ts";
import { checkNames, pipelineOrder } from "./environments.ts";
import { type Folders, type LayeredApp, layerApps } from "./layers.ts";
import { type Reading, report } from "./reading.ts";
import { WriteChecks } from "./write-checks.ts";

/** The apps with their defaults applied, and what they write checked as far as it can be told before a promotion. */
export function readApps(
  reading: Reading,
  environments: ReadonlyMap<EnvName, Environment>,
  folders: Folders,
): Map<AppName, App> {
  checkLayers(reading, environments);
  const apps = new Map<AppName, App>();
  const order = pipelineOrder(environments);
  const checks = new WriteChecks(reading, environments);
  for (const layered of layerApps(reading, folders)) {
    const { entries, path } = writesOf(layered);
    const app: App = {
      ...settingsOf(layered, order),
      write: entries.map((entry, at) => write(reading, entry, path, at)),
    };
    apps.set(app.name, app);
    if (entries.length > 0) checks.add(app, entries, path);
    else {
      const fix = 'Say what a promotion writes under "write", of the app or of defaults.';
      report(reading, layered.path, "config/no-write", `The app ${app.name} has no "write".`, fix, { on: "key" });
    }
  }
  if (reading.parsed.apps === undefined && reading.parsed.discover === undefined) {
    const fix = 'Declare apps under "apps", or from folders: "discover: apps/*".';
    report(reading, ["apps"], "config/missing-key", 'Missing key "apps" at the top level.', fix, { on: "key" });
  }
  return apps;
}

/** Every layer once, also a glob that matches nothing: its mistakes are told where they stand, not once per app. */
function checkLayers(reading: Reading, environments: ReadonlyMap<EnvName, Environment>): void {
  const { defaults, apps } = reading.parsed;
  checkNames(reading, defaults?.environments ?? [], environments, ["defaults", "environments"]);
  for (const key of reading.places.keys(["apps"])) {
    checkNames(reading, apps?.[key]?.environments ?? [], environments, ["apps", key, "environments"]);
  }
}

/** The more special layer wins; images are merged by key. */
function settingsOf({ name, layers }: LayeredApp, order: readonly EnvName[]): Omit<App, "write"> {
  const fill = (value: string) => value.replace(appPlaceholder, () => name);
  const images: [string, string][] = layers.flatMap(({ settings }) => Object.entries(settings.images ?? {}));
  const repository = layers.findLast(({ settings }) => settings.repository !== undefined)?.settings.repository;
  const chosen = layers.findLast(({ settings }) => settings.environments !== undefined)?.settings.environments;
  return {
    name,
    repository: repository === undefined ? undefined : fill(repository),
    images: Object.fromEntries(images.map(([key, value]) => [key, fill(value)])),
    environments: chosen === undefined ? [...order] : order.filter((one) => chosen.includes(one)),
  };
}

function writesOf({ layers }: LayeredApp): { entries: readonly WriteEntry[]; path: Path } {
  const layer = layers.findLast(({ settings }) => settings.write !== undefined);
  return { entries: layer?.settings.write ?? [], path: [...(layer?.path ?? []), "write"] };
}

function write(reading: Reading, { editor, options }: WriteEntry, path: Path, index: number): Write {
  return { editor: editor.kind, options, line: reading.places.key([...path, index]).line };
}
