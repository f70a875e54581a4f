import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "@glu/core";
import { GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { type Ended, Machine } from "../product/glu-process.ts";
import { Past, type PastRepository } from "./past.ts";

export type Meeting =
  | "pinned"
  | "unpinned"
  | "late"
  | "a promotion"
  | "a verification that fails"
  | "Glu, which takes back what failed";

const hour = 3_600_000;
const began = Math.floor((Date.now() - 100 * hour) / 1000) * 1000;

/**
 * A server that takes no push before so many have come: so that all who push have decided on the same tip. One that
 * waited in vain leaves a note.
 */
function letMeet({ path }: PastRepository, pushes: number): void {
  const [arrived, hooks] = [join(path, "arrived"), join(path, "hooks")];
  mkdirSync(arrived, { recursive: true });
  mkdirSync(hooks, { recursive: true });
  const script = `#!/bin/sh
: > '${arrived}'/$$
i=0
while [ "$(ls '${arrived}' | wc -l)" -lt ${pushes} ]; do
  if [ $i -ge 200 ]; then : > '${path}/alone'; exit 0; fi
  sleep 0.1
  i=$((i + 1))
done
`;
  writeFileSync(join(hooks, "pre-receive"), script, { mode: 0o755 });
}

/** How many have pushed, and whether one of them waited for another that never came. */
export function arrivals({ path }: PastRepository): { pushes: number; alone: boolean } {
  const arrived = join(path, "arrived");
  return { pushes: existsSync(arrived) ? readdirSync(arrived).length : 0, alone: existsSync(join(path, "alone")) };
}

/** Four releases, the last of which runs; two that act on it at once, by processes of their own, and what came of it. */
export async function meet(meeting: Meeting): Promise<{ repository: PastRepository; ends: Ended[] } & AsyncDisposable> {
  const hasFailed = meeting === "Glu, which takes back what failed";
  const isVerified = hasFailed || meeting === "a verification that fails";
  const verify = '{ verify: { gates: [{ command: { run: ["false"] } }], within: 1s, on-failure: rollback } }';
  const environments = `{ staging: {}, production: ${isVerified ? verify : "{}"} }`;
  const past = new Past({ apps: ["web", "api"], environments }, began);
  for (const number of [1, 2, 3, 4]) {
    past.release([{ app: "api", number, at: began + number * hour }]);
    past.release([{ app: "web", number, at: began + number * hour, state: number < 4 ? "healthy" : "committed" }]);
  }
  if (isVerified) past.commit("Look at it\n\nGlu-Request: look\n", began + 5 * hour, [lookedAt(past, hasFailed)]);
  const repository = past.make();
  const machine = new Machine();
  const server = await GitServer.start(repository.fixture.root);
  if (meeting !== "late") letMeet(repository, 2);
  const where = ["--config-repository", server.url("config.git"), "-o", "json"];
  const back = (...more: string[]) =>
    machine.glu(["rollback", "--app", "web", "--environment", "production", "--reason", "errors", ...more, ...where]);
  const artifact = machine.write("artifact.json", JSON.stringify(repository.artifact("web", 5)));
  const others: Record<Meeting, () => Promise<Ended>> = {
    pinned: () => back(),
    unpinned: () => back("--pin", "false"),
    late: () => back(),
    "a promotion": () =>
      machine.glu(["promote", "--app", "web", "--environment", "production", "--artifact", artifact, ...where]),
    "a verification that fails": () => machine.glu(["reconcile", ...where]),
    "Glu, which takes back what failed": () => machine.glu(["reconcile", ...where]),
  };
  const first = meeting === "unpinned" ? back("--pin", "false") : back();
  if (meeting === "late") await first;
  const ends = await Promise.all([first, others[meeting]()]);
  expect(repository.fixture.git("fsck", "--strict", "--no-dangling")).not.toMatch(/error|missing|broken/i);
  return {
    repository,
    ends,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      machine[Symbol.dispose]();
      repository[Symbol.dispose]();
    },
  };
}

/** The release that runs was looked at before: the next look is the last, or was. */
function lookedAt(past: Past, hasFailed: boolean): string {
  return past.amend("web", "production", (record) => {
    const { current } = record;
    if (current === null) throw new Error("Nothing runs there.");
    const { artifact, actor, request } = current;
    const at = new Date(began + 5 * hour).toISOString();
    const verification = { at, seen: "command: false ended with 1" };
    if (!hasFailed) return { ...record, current: { ...current, verification } };
    const reason = `failed: ${verification.seen}`;
    const rejection = { artifact: artifact.id, digest: digestOf(artifact), reason, actor, at, request };
    return { ...record, current: { ...current, state: "failed", verification }, rejected: [rejection] };
  });
}

/** Checks that two at once end as they must: one step back, never two, and nothing lost. */
export async function checkMeeting(meeting: Meeting): Promise<void> {
  await using met = await meet(meeting);
  const { repository, ends } = met;
  const said = ends.map(({ code, stdout, stderr }) => `${code}: ${stdout}${stderr}`).join("\n");
  const record = repository.record("web");
  const kinds = [record?.current, ...(record?.history ?? [])].map((one) => `${one?.kind} ${one?.artifact.version.tag}`);
  const rejected = record?.rejected.length ?? 0;
  const { pushes, alone } = arrivals(repository);
  if (meeting !== "late") {
    expect(alone, `they met: none waited in vain\n${said}`).toBe(false);
    expect(pushes, `they met: both decided on the same tip\n${said}`).toBeGreaterThanOrEqual(2);
  }
  expect(repository.runs("api"), "the other app is left alone").toBe(4);
  expect(repository.runs("web"), said).toBe(Number(record?.current?.artifact.version.tag?.slice(3)));
  for (const { code } of ends) expect([0, 3], said).toContain(code);
  if (meeting === "a promotion") {
    // Whoever came first: then it went on to 1.5 and back to 1.4, or back to 1.3, whose pin holds 1.5; or 1.4 was undone
    // together with 1.5, since "previous" had been looked up before.
    expect(["rollback v1.3", "rollback v1.4"], said).toContain(kinds[0]);
    expect(repository.text(".glu/web/production.pin.json")).toContain(record?.current?.artifact.id);
    expect(
      kinds.filter((kind) => kind.startsWith("rollback")),
      said,
    ).toHaveLength(1);
    return;
  }
  expect(repository.runs("web"), said).toBe(3);
  expect(kinds.slice(0, 2), said).toEqual(["rollback v1.3", "promotion v1.4"]);
  expect(rejected, said).toBe(1);
  if (meeting === "late") expect(ends[1]?.code, "the pin of the first holds the second").toBe(3);
  if (meeting !== "unpinned")
    expect(repository.text(".glu/web/production.pin.json")).toContain(record?.current?.artifact.id);
}
