import type { FileAt, Release, ReleaseRecord } from "@glu/core";
import { expect } from "vitest";
import { apps, artifactsOf, fileOf, type HistoryEntry, webGoes } from "./delivery.ts";

// Reads the history as somebody would who has only Git: nothing here uses the code that made it.

type Tree = ReadonlyMap<string, FileAt>;

interface Block {
  request: string;
  app: string;
  environment: string;
  artifact: string | undefined;
  kind: string;
}

const text = (tree: Tree, path: string): string | undefined => {
  const file = tree.get(path);
  return file === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.content);
};
const json = <T>(tree: Tree, path: string): T | undefined => {
  const found = text(tree, path);
  return found === undefined ? undefined : (JSON.parse(found) as T);
};
export const recordOf = (tree: Tree, app: string, environment: string): ReleaseRecord | undefined =>
  json(tree, `.glu/${app}/${environment}.json`);

export const tagIn = (tree: Tree, app: string, environment: string): string | undefined =>
  new RegExp(`tag: "([^"]*)" +# tag of ${app}\\r?$`, "m").exec(text(tree, fileOf(app, environment)) ?? "")?.[1];

function blocksOf(message: string): Block[] {
  return message
    .split(/^(?=Glu-Request: )/m)
    .slice(1)
    .map((part) => {
      const field = (name: string) => new RegExp(`^Glu-${name}: (.*)$`, "m").exec(part)?.[1];
      return {
        request: field("Request") ?? "",
        app: field("App") ?? "",
        environment: field("Environment") ?? "",
        artifact: field("Artifact"),
        kind: field("Kind") ?? "",
      };
    });
}

function changedPaths(before: Tree, after: Tree): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => text(before, path) !== text(after, path))
    .sort();
}

const numberOf = (app: string, id: string | undefined): number => {
  const at = artifactsOf(app).findIndex((one) => one.id === id);
  expect(at, `${id} is an artifact of ${app}`).toBeGreaterThanOrEqual(0);
  return at;
};
/** What artifacts have an order in: a branch, or a pull request, whatever its head is called. */
const lineOf = (app: string, id: string): string => {
  const { event, branch } = artifactsOf(app).find((one) => one.id === id)!.version;
  return `${event === "pr" ? "pull request" : "branch"} ${branch}`;
};

/** What a request was allowed to do, by its id. */
export type Asked = ReadonlyMap<string, { overwrite: boolean; override: boolean; pin: boolean; isNamed?: boolean }>;

/** Where a request was carried out: `<request> <app> <environment>` → commit. */
export type Carried = Map<string, string>;

/**
 * Walks the history from its beginning and checks each commit against the tree it was made on. What holds at every
 * step holds at the end: no record forgets a release, and no byte changes that nobody declared.
 */
export function audit(history: readonly HistoryEntry[], asked: Asked): Carried {
  const carried: Carried = new Map();
  for (const [index, entry] of history.entries()) {
    const before = history[index - 1]?.files;
    if (before === undefined || entry.message === "By hand") continue;
    const blocks = blocksOf(entry.message);
    expect(blocks.length, entry.message).toBeGreaterThan(0);
    const allowed = new Set<string>();
    for (const block of blocks) {
      if (block.kind === "promotion") {
        const key = `${block.request} ${block.app} ${block.environment}`;
        expect(carried.has(key), `${key} is carried out once`).toBe(false);
        carried.set(key, entry.commit);
        auditPromotion(block, before, entry.files, asked);
        allowed.add(fileOf(block.app, block.environment)).add(`.glu/${block.app}/${block.environment}.json`);
      } else if (block.kind === "rollback") {
        const key = `${block.request} ${block.app} ${block.environment}`;
        expect(carried.has(key), `${key} is carried out once`).toBe(false);
        carried.set(key, entry.commit);
        auditRollback(block, before, entry.files, asked);
        allowed.add(fileOf(block.app, block.environment)).add(`.glu/${block.app}/${block.environment}.json`);
        if (asked.get(block.request)?.pin) allowed.add(`.glu/${block.app}/${block.environment}.pin.json`);
      } else if (block.kind.endsWith("pin")) allowed.add(`.glu/${block.app}/${block.environment}.pin.json`);
      else allowed.add(`.glu/_freeze/${block.environment}.json`);
    }
    const promoted = new Set(blocks.map(({ app }) => app));
    for (const path of changedPaths(before, entry.files)) {
      expect(allowed, entry.message).toContain(path);
      if (!path.startsWith(".glu/")) auditBytes(text(before, path)!, text(entry.files, path)!, promoted);
    }
  }
  return carried;
}

function auditPromotion(block: Block, before: Tree, after: Tree, asked: Asked): void {
  const { app, environment } = block;
  const artifact = block.artifact ?? "";
  expect(apps[app as keyof typeof apps], `${app} goes through ${environment}`).toContain(environment);

  // As the config said in the tree it was made on, not as it said when the run began.
  if (app === "web" && environment === "demo") expect(text(before, "glu.yaml")).toContain(webGoes(true));

  const { was } = auditRecord(block, before, after, asked);
  // What was rolled back stays away.
  expect(rejectedIn(was), "was rolled back here").not.toContain(artifact);

  // Never backwards within a line.
  const current = was?.current?.artifact.id;
  if (current !== undefined && lineOf(app, current) === lineOf(app, artifact)) {
    expect(numberOf(app, artifact), "not older than what ran").toBeGreaterThanOrEqual(numberOf(app, current));
  }
  // Only what staging has released.
  if (environment === "production") {
    const upstream = recordOf(before, app, "staging");
    const released = [upstream?.current, ...(upstream?.history ?? [])].map((one) => one?.artifact.id);
    expect(released, "was released in staging").toContain(artifact);
    expect(rejectedIn(upstream), "was rolled back in staging").not.toContain(artifact);
  }
  // Pins and freezes as they stood in the tree it was made on.
  const pin = json<{ artifact: string }>(before, `.glu/${app}/${environment}.pin.json`);
  if (pin !== undefined) expect(artifact, "is pinned").toBe(pin.artifact);
  expect(before.has(`.glu/_freeze/${environment}.json`), "frozen").toBe(false);
  expect(before.has(".glu/_freeze/all.json"), "all frozen").toBe(false);
}

const rejectedIn = (record: ReleaseRecord | undefined): string[] => (record?.rejected ?? []).map((one) => one.artifact);

/** The record: this release on top, everything that was there below; and the file says what it says. */
function auditRecord(block: Block, before: Tree, after: Tree, asked: Asked) {
  const { app, environment, request, kind } = block;
  const artifact = block.artifact ?? "";
  const was = recordOf(before, app, environment);
  const now = recordOf(after, app, environment);
  expect(now?.current).toMatchObject({ request, artifact: { id: artifact }, kind, state: "committed" });
  const past: Release[] = was?.current ? [was.current, ...was.history] : [];
  expect(now?.history).toEqual(past.slice(0, 50));
  expect(tagIn(after, app, environment)).toBe(artifactsOf(app)[numberOf(app, artifact)]!.images.web!.tag);
  // A value changed by hand is overwritten on purpose only.
  const recorded = was?.current?.writes[0]?.value;
  const found = tagIn(before, app, environment);
  if (recorded !== undefined && found !== recorded && found !== tagIn(after, app, environment)) {
    expect(asked.get(request)?.overwrite, "drift is overwritten only when asked").toBe(true);
  }
  return { was, now, past };
}

/** It goes to what ran there, past freezes and over a pin on purpose only; what it undoes is rejected. */
function auditRollback(block: Block, before: Tree, after: Tree, asked: Asked): void {
  const { app, environment, request } = block;
  const artifact = block.artifact ?? "";
  const { was, now, past } = auditRecord(block, before, after, asked);
  const ids = past.map((one) => one.artifact.id);
  expect(ids, "ran there before").toContain(artifact);
  // An override has a reason, which is one to go to what was rolled back only for whoever names it.
  const { override = false, isNamed = false } = asked.get(request) ?? {};
  if (!(override && isNamed)) {
    expect(rejectedIn(was), "no reason was given to go to what was rolled back").not.toContain(artifact);
  }
  for (const undone of ids.slice(0, ids.indexOf(artifact))) {
    const isNewer = lineOf(app, undone) !== lineOf(app, artifact) || numberOf(app, undone) > numberOf(app, artifact);
    if (undone !== artifact && isNewer) expect(rejectedIn(now), "what it undoes").toContain(undone);
  }
  const kept = rejectedIn(was).filter((one) => one !== artifact);
  expect(rejectedIn(now), "keeps what was rejected").toEqual(expect.arrayContaining(kept));
  const path = `.glu/${app}/${environment}.pin.json`;
  const pin = json<{ artifact: string }>(before, path);
  if (pin !== undefined && pin.artifact !== artifact) expect(asked.get(request)?.override, "pinned").toBe(true);
  if (asked.get(request)?.pin) expect(json(after, path)).toMatchObject({ artifact, request });
}

/** Line by line the same, but for the value between the quotes on the lines of the promoted apps. */
function auditBytes(before: string, after: string, promoted: ReadonlySet<string>): void {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  expect(fresh).toHaveLength(old.length);
  for (const [index, line] of old.entries()) {
    if (line === fresh[index]) continue;
    const parts = /^( +tag: ")[^"]*(" +# tag of (\w+)\r?)$/.exec(line);
    expect(promoted, `line changed: ${line}`).toContain(parts?.[3]);
    const [start = "", end = ""] = [parts?.[1], parts?.[2]];
    expect(fresh[index]?.startsWith(start) && fresh[index]?.endsWith(end), fresh[index]).toBe(true);
  }
}
