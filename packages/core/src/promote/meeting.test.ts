// Where several rules meet in one decision.
import { describe, expect, it } from "vitest";
import { freeze, unfreeze } from "../holds/freeze.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import { noOutside } from "../ports/no-outside.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { promote } from "./promote.ts";

const minute = 60_000;
const staging = environment("staging", { policy: onMain });
const from = { mode: "all" as const, environments: [envName("staging")] };

function setting(environments: readonly Environment[], artifacts: readonly Artifact[]) {
  const made = world({ pipeline: pipelineOf(["web"], environments), artifacts: [...artifacts] });
  const runs = (name: string) =>
    JSON.parse(made.repository.text(`.glu/web/${name}.json`) ?? "{}").current?.artifact.id as string | undefined;
  return { ...made, runs };
}

describe("a re-run of latest", () => {
  const tagged = artifactOf("web", 2, { version: { ...artifactOf("web", 2).version, event: "tag", tag: "v1.0.0" } });
  const main = artifactOf("web", 3);
  const tags = [{ event: ["tag"], tag: ["v*"] }];
  const hold = { scope: "production", reason: "sale", actor: { name: "ada", verified: true } };

  it("never takes to one environment what only another one takes", async () => {
    const { ports, ask, runs } = setting([staging, environment("production", { policy: tags })], [tagged, main]);
    const request = { ...ask({ environments: ["staging", "production"], request: requestId("same") }) };
    await freeze({ ...hold, until: undefined, request: requestId("f") }, ports);
    expect((await promote(request, ports)).decisions.map(({ result }) => result)).toEqual(["promoted", "held"]);
    await unfreeze({ ...hold, request: requestId("u") }, ports);
    await promote({ ...request, again: true }, ports);
    expect([runs("staging"), runs("production")]).toEqual([main.id, tagged.id]);
  });
});

describe("builds of commits of the same second", () => {
  const committedAt = "2026-11-01T00:02:00.000Z";
  const built = (number: number, nonce = 0) => artifactOf("web", number, { committedAt, vars: { nonce: `${nonce}` } });
  const first = artifactOf("web", 1);
  const second = built(2);
  // Ids begin with the second and go on with the digest, so that the order of the two is chance. Here it is the wrong one.
  const third = Array.from({ length: 100 }, (_, nonce) => built(3, nonce)).find(({ id }) => id < second.id)!;

  it("are overtaken as well", async () => {
    const { ports, ask, repository } = setting([staging], [first, second, third]);
    await promote(ask({ environments: ["staging"], artifact: first.id }), ports);
    await promote(ask(), ports);
    const { current } = JSON.parse(repository.text(".glu/web/staging.json") ?? "{}");
    expect([current.artifact.id, current.superseded]).toEqual([third.id, [second.id]]);
  });
});

describe("an automatic edge", () => {
  const soaked = [{ name: "soak", options: "30m" }];
  const production = environment("production", { from, auto: "newest", gates: soaked });
  const put = (made: ReturnType<typeof setting>, artifact: Artifact) =>
    promote(made.ask({ environments: ["staging"], artifact: artifact.id }), made.ports);

  it("finds the one that may go behind many that are too young", async () => {
    const all = Array.from({ length: 13 }, (_, index) => artifactOf("web", index + 1));
    const made = setting([staging, production], all);
    await put(made, all[0]!);
    made.clock.time += 31 * minute;
    for (const artifact of all.slice(1)) await put(made, artifact);
    await promote(made.ask(), made.ports);
    expect(made.runs("production")).toBe(all[0]!.id);
  });

  it("never takes what was built of a commit that Glu made, and is not stopped by it", async () => {
    const [first, second] = [artifactOf("web", 1), artifactOf("web", 2)];
    const message = "Promote web\n\nGlu-Request: r\nGlu-App: web\n";
    const own = artifactOf("web", 3, { version: { ...artifactOf("web", 3).version, message } });
    const made = setting([staging, environment("production", { from, auto: "newest" })], [first, second, own]);
    await put(made, first);
    await put(made, own);
    await promote(made.ask(), made.ports);
    expect(made.runs("production")).toBe(first.id);
  });
});

it("an environment that was asked for by name and gets nothing is no green run", async () => {
  const accept = [{ tag: ["v*"] }];
  const made = setting([staging, environment("production", { accept })], [artifactOf("web", 1)]);
  const result = await promote(made.ask({ apps: [], environments: ["staging", "production"] }), made.ports);
  expect(result.decisions.map(({ result: one }) => one)).toEqual(["promoted"]);
  expect(result.undecided).toMatchObject([{ environment: "production", error: { code: "artifact/none" } }]);
  expect(result.result).toBe("refused");
});

describe("a program that is run first", () => {
  const commanded = environment("staging", {
    policy: onMain,
    gates: [{ name: "command", options: { run: ["./smoke-test"] } }],
  });
  function running(made: ReturnType<typeof setting>, takes: number) {
    const calls: string[] = [];
    const run = async () => {
      calls.push("run");
      made.clock.time += takes;
      return { code: 0, output: "" };
    };
    made.ports.outside = { ...noOutside, commands: { run } };
    return calls;
  }

  it("is not run for what cannot be written", async () => {
    const made = setting([commanded], [artifactOf("web", 1)]);
    made.repository.push("Remove it", [{ path: repoPath("apps/web/staging.txt"), content: undefined }]);
    const calls = running(made, 0);
    const { decisions } = await promote(made.ask(), made.ports);
    expect([decisions[0]?.result, calls]).toEqual(["refused", []]);
  });

  it("may take longer than others push, and the promotion is made on their commit", async () => {
    const made = setting([commanded], [artifactOf("web", 1)]);
    const calls = running(made, 30 * minute);
    made.repository.beforeCommit = async () => void made.repository.push("Somebody else", []);
    const { decisions } = await promote(made.ask(), made.ports);
    expect([decisions[0]?.result, calls]).toEqual(["promoted", ["run"]]);
  });

  it("ends after the window has closed: then it is too late", async () => {
    const day = (time: number) => new Date(time).toISOString().slice(0, 19);
    const made = setting([], []);
    const { time } = made.clock;
    const window = { allow: [{ start: day(time - minute), end: day(time + minute), zone: "UTC" }] };
    const gates = [...commanded.gates, { name: "window", options: window }];
    const late = setting([{ ...commanded, gates }], [artifactOf("web", 1)]);
    running(late, 30 * minute);
    const { decisions } = await promote(late.ask(), late.ports);
    expect(decisions[0]).toMatchObject({ result: "held", reason: expect.stringContaining("no time is allowed now") });
  });
});
