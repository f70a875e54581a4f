import type { Command } from "../schema/command.ts";

type Load = () => Promise<Command>;

const preview = (name: "previewUp" | "previewDown") => async () => (await import("./previewing.ts"))[name];
const previews = (name: keyof typeof import("./keeping-previews.ts")) => async () =>
  (await import("./keeping-previews.ts"))[name];

/** Each command by its words on the command line: who runs one needs not to have read all the others. */
const loads: Readonly<Record<string, Load>> = {
  demo: async () => (await import("./reading.ts")).demo,
  validate: async () => (await import("./reading.ts")).validate,
  "config print": async () => (await import("./reading.ts")).configPrint,
  "config types": async () => (await import("./reading.ts")).configTypes,
  "artifact create": async () => (await import("./build-artifact.ts")).buildArtifact,
  "artifact add": async () => (await import("./artifact-reading.ts")).artifactAdd,
  "artifact import": async () => (await import("./artifact-import.ts")).artifactImport,
  "artifact show": async () => (await import("./artifact-reading.ts")).artifactShow,
  "artifact list": async () => (await import("./artifact-reading.ts")).artifactList,
  discover: async () => (await import("./discover.ts")).discover,
  plan: async () => (await import("./reading.ts")).plan,
  simulate: async () => (await import("./simulate.ts")).simulate,
  promote: async () => (await import("./promote.ts")).promote,
  rollback: async () => (await import("./rollback.ts")).rollback,
  reconcile: async () => (await import("./reconcile.ts")).reconcile,
  explain: async () => (await import("./reading.ts")).explain,
  graph: async () => (await import("./reading.ts")).graph,
  status: async () => (await import("./reading.ts")).status,
  history: async () => (await import("./looking-back.ts")).history,
  diff: async () => (await import("./looking-back.ts")).diff,
  adopt: async () => (await import("./adopting.ts")).adopt,
  drift: async () => (await import("./drift.ts")).drift,
  pin: async () => (await import("./holding.ts")).pin,
  unpin: async () => (await import("./holding.ts")).unpin,
  freeze: async () => (await import("./holding.ts")).freeze,
  unfreeze: async () => (await import("./holding.ts")).unfreeze,
  remove: async () => (await import("./removing.ts")).remove,
  "preview up": preview("previewUp"),
  "preview down": preview("previewDown"),
  "preview list": previews("previewList"),
  "preview extend": previews("previewExtend"),
  "preview sweep": previews("previewSweep"),
  doctor: async () => (await import("./reading.ts")).doctor,
  version: async () => (await import("./reading.ts")).version,
};

/** The command that the first words of a command line name; undefined where they name none. */
export async function loadCommand(words: readonly string[]): Promise<Command | undefined> {
  const named = [words.slice(0, 1), words.slice(0, 2)].map((some) => some.join(" "));
  const name = named.find((one) => Object.hasOwn(loads, one));
  return name === undefined ? undefined : loads[name]?.();
}

/** All commands. */
export const loadCommands = async (): Promise<readonly Command[]> => (await import("./all.ts")).commands;
