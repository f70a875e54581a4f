import {
  type App,
  type AppName,
  type AppPreview,
  type Environment,
  type EnvName,
  pipelineOrder,
  repoPath,
  type Write,
} from "@glu/core";
import type { Settings } from "../grammar/grammar.ts";
import { appPlaceholder } from "../grammar/image.ts";
import type { WriteEntry } from "../grammar/write.ts";
import type { Path } from "../source/places.ts";
import { checkNames } from "./environments.ts";
import { type Folders, type LayeredApp, layerApps } from "./layers.ts";
import { type Reading, report } from "./reading.ts";
import { checkSources, sourcesOf } from "./sources.ts";
import { WriteChecks, type Writing } from "./write-checks.ts";

/** The apps with their defaults applied, and what they write checked as far as it can be told before a promotion. */
export function readApps(
  reading: Reading,
  environments: ReadonlyMap<EnvName, Environment>,
  folders: Folders,
): Map<AppName, App> {
  checkLayers(reading, environments);
  const apps = new Map<AppName, App>();
  const order = pipelineOrder(environments);
  const writing: Writing[] = [];
  /** Thousands of apps write what `defaults` says. */
  const writes = new Map<readonly WriteEntry[], Write[]>();
  const layeredApps = layerApps(reading, folders);
  checkReachable(reading, layeredApps, environments);
  for (const layered of layeredApps) {
    const { entries, path } = writesOf(layered);
    const written = writes.get(entries) ?? entries.map((entry, at) => write(reading, entry, path, at));
    writes.set(entries, written);
    const app: App = { ...settingsOf(layered, order), write: written };
    apps.set(app.name, app);
    checkSources(reading, app, layered);
    if (entries.length > 0) writing.push({ app, entries, path });
    else {
      const fix = 'Say what a promotion writes under "write", of the app or of defaults.';
      report(reading, layered.path, "config/no-write", `The app ${app.name} has no "write".`, fix, { on: "key" });
    }
  }
  new WriteChecks(reading, environments).check(writing);
  if (reading.parsed.apps === undefined && reading.parsed.discover === undefined) {
    const fix = 'Declare apps under "apps", or from folders: "discover: apps/*".';
    report(reading, ["apps"], "config/missing-key", 'Missing key "apps" at the top level.', fix, { on: "key" });
  }
  return apps;
}

/** Every layer once, also a glob that matches nothing: its mistakes are told where they stand, not once per app. */
function checkLayers(reading: Reading, environments: ReadonlyMap<EnvName, Environment>): void {
  const { defaults, apps } = reading.parsed;
  const check = (settings: Settings | null | undefined, path: Path) => {
    checkNames(reading, settings?.environments ?? [], environments, [...path, "environments"]);
    checkNames(reading, settings?.manifests?.allow ?? [], environments, [...path, "manifests", "allow"]);
  };
  check(defaults, ["defaults"]);
  for (const key of reading.places.keys(["apps"])) check(apps?.[key], ["apps", key]);
}

/** The more special layer wins; images are merged by key. */
function settingsOf({ name, layers }: LayeredApp, order: readonly EnvName[]): Omit<App, "write"> {
  const fill = (value: string) => value.replace(appPlaceholder, () => name);
  const images: [string, string][] = layers.flatMap(({ settings }) => Object.entries(settings.images ?? {}));
  const repository = layers.findLast(({ settings }) => settings.repository !== undefined)?.settings.repository;
  const allowed = layers.findLast(({ settings }) => settings.manifests !== undefined)?.settings.manifests?.allow ?? [];
  const chosen = chosenEnvironments({ layers })?.names;
  const sources = sourcesOf({ layers }, fill);
  const preview = layers.findLast(({ settings }) => settings.preview !== undefined)?.settings.preview;
  return {
    name,
    repository: repository === undefined ? undefined : fill(repository),
    images: Object.fromEntries(images.map(([key, value]) => [key, fill(value)])),
    environments: chosen === undefined ? [...order] : order.filter((one) => chosen.includes(one)),
    manifests: order.filter((one) => allowed.includes(one)),
    ...(sources === undefined ? {} : { sources }),
    ...(preview === undefined ? {} : { preview: previewOf(preview, fill) }),
  };
}

function previewOf(settings: NonNullable<Settings["preview"]>, fill: Fill): AppPreview {
  const { template, from = "config", host, health, seed, render, chart, overrides, manifest } = settings;
  return {
    ...(template === undefined ? {} : { template: repoPath(fill(template)) }),
    from,
    ...(host === undefined ? {} : { host }),
    ...(health === undefined ? {} : { health }),
    ...(seed === undefined ? {} : { seed }),
    ...(render === undefined ? {} : { render }),
    ...(chart === undefined ? {} : { chart }),
    ...(overrides === undefined ? {} : { overrides: repoPath(fill(overrides)) }),
    ...(manifest === undefined ? {} : { manifest: repoPath(fill(manifest)) }),
  };
}

type Fill = (value: string) => string;

/** The environments that an app says it goes through, and where it says so. Undefined: it goes through all. */
function chosenEnvironments({
  layers,
}: Pick<LayeredApp, "layers">): { names: readonly string[]; path: Path } | undefined {
  const layer = layers.findLast(({ settings }) => settings.environments !== undefined);
  const names = layer?.settings.environments;
  return layer === undefined || names === undefined ? undefined : { names, path: [...layer.path, "environments"] };
}

/** No app goes into an environment whose `from` it can never satisfy: it would be held there for ever. */
function checkReachable(
  reading: Reading,
  apps: readonly LayeredApp[],
  environments: ReadonlyMap<EnvName, Environment>,
): void {
  const told = new Set<string>();
  for (const app of apps) {
    const chosen = chosenEnvironments(app);
    for (const [index, name] of (chosen?.names ?? []).entries()) {
      const from = environments.get(name as EnvName)?.from;
      // What is not declared is told where it stands.
      if (chosen === undefined || from === undefined || !from.environments.every((one) => environments.has(one)))
        continue;
      const missing = from.environments.filter((one) => !chosen.names.includes(one));
      const enough = from.mode === "any" ? missing.length < from.environments.length : missing.length === 0;
      const path = [...chosen.path, index];
      const once = JSON.stringify(path);
      if (enough || told.has(once)) continue;
      told.add(once);
      const list = missing.join(from.mode === "any" ? " or " : " and ");
      const message = `${app.name} goes through ${name}, which takes only what was released in ${list}, but not through ${list}.`;
      const fix = `Add ${list} here, remove ${name}, or change environments.${name}.from.`;
      report(reading, path, "config/unreachable-environment", message, fix, { seen: name });
    }
  }
}

function writesOf({ layers }: LayeredApp): { entries: readonly WriteEntry[]; path: Path } {
  const layer = layers.findLast(({ settings }) => settings.write !== undefined);
  return { entries: layer?.settings.write ?? [], path: [...(layer?.path ?? []), "write"] };
}

function write(reading: Reading, { editor, options }: WriteEntry, path: Path, index: number): Write {
  return { editor: editor.kind, options, line: reading.places.key([...path, index]).line };
}
