import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, repoPath, requestId } from "../model/names.ts";
import type { ReleaseRecord } from "../model/record.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import { parseTrailers } from "../records/trailers.ts";
import {
  artifactOf,
  bytes,
  environment,
  onMain,
  pipelineOf,
  start,
  storeOf,
  twoStages,
  world,
} from "../test-kit/memory.ts";
import type { PromoteRequest } from "./options.ts";
import { promote } from "./promote.ts";

const record = (text: string | undefined): ReleaseRecord => JSON.parse(text ?? "null");
const [a1, a2, a3] = [artifactOf("web", 1), artifactOf("web", 2), artifactOf("web", 3)];

/** A private repository, as a token without rights sees it. */
function closedStore(store: ArtifactStore): ArtifactStore {
  const refuse = async () => {
    throw new UserError("repository/not-found", "There is no repository, or this token may not see it.");
  };
  return { ...store, ids: refuse, read: refuse };
}

describe("a promotion", () => {
  it("by policy writes the declared file, the record and the trailers in one commit", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    const result = await promote(ask(), ports);
    expect(result.result).toBe("promoted");
    expect(repository.commits).toHaveLength(2);
    expect(repository.text("apps/web/staging.txt")).toBe("a: 1\ntag: 1.1\n");
    expect(repository.text("apps/web/production.txt")).toBe("a: 1\ntag: none\n");
    expect(record(repository.text(".glu/web/staging.json")).current).toMatchObject({
      artifact: { id: a1.id },
      kind: "promotion",
    });
    expect(parseTrailers(repository.commits.at(-1)!.message)).toEqual([
      { request: "r-1", app: "web", environment: "staging", artifact: a1.id, kind: "promotion", actor: "ada" },
    ]);
    expect(result.passedOver).toEqual([
      expect.objectContaining({ environment: "production", reason: expect.stringContaining("no policy") }),
    ]);
  });

  it("run again changes nothing and says unchanged", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    await promote(ask(), ports);
    const again = await promote(ask(), ports);
    expect(again.result).toBe("unchanged");
    expect(repository.commits).toHaveLength(2);
  });

  it("with the same request answers with the original result and commit, also after later releases", async () => {
    const artifacts = [a1];
    const { repository, ports, ask } = world({ artifacts });
    const request = ask({ request: requestId("same") });
    const first = await promote(request, ports);
    artifacts.push(a2);
    await promote(ask(), ports);
    const again = await promote(request, ports);
    expect(again.decisions[0]).toMatchObject({ result: "promoted", repeated: true, commit: first.commits[0]!.commit });
    expect(again.decisions[0]!.release!.artifact.id).toBe(a1.id);
    expect(repository.commits).toHaveLength(3);
  });

  it("downstream is held until upstream has released it, and says who clears it", async () => {
    const { ports, ask } = world({ artifacts: [a1] });
    const held = await promote(ask({ environments: ["production"], artifact: a1.id }), ports);
    expect(held.result).toBe("held");
    const gate = held.decisions[0]!.gates.find(({ met }) => !met);
    expect(gate).toMatchObject({ name: "from", code: "from/not-eligible", clearedBy: `promote ${a1.id} to staging` });
    await promote(ask(), ports);
    expect((await promote(ask({ environments: ["production"], artifact: a1.id }), ports)).result).toBe("promoted");
  });

  it("of latest into an environment with an upstream takes what upstream released", async () => {
    const { ports, ask } = world({ artifacts: [a1, a2] });
    await promote(ask({ environments: ["staging"], artifact: a1.id }), ports);
    const result = await promote(ask({ environments: ["production"] }), ports);
    expect(result.decisions[0]).toMatchObject({ result: "promoted", intent: { artifact: { id: a1.id } } });
  });

  it("into two environments at once sees the tip only", async () => {
    const { ports, ask } = world({ artifacts: [a1] });
    const result = await promote(ask({ environments: ["staging", "production"], artifact: a1.id }), ports);
    expect(result.decisions.map((one) => one.result)).toEqual(["promoted", "held"]);
  });

  it("of an older artifact is refused by hand and superseded by itself", async () => {
    const { ports, ask } = world({ artifacts: [a1, a2] });
    await promote(ask({ artifact: a2.id }), ports);
    expect((await promote(ask({ artifact: a1.id, environments: ["staging"] }), ports)).result).toBe("refused");
    expect((await promote(ask({ artifact: a1.id }), ports)).result).toBe("superseded");
  });

  it("records what it overtook", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1, a2, a3] });
    await promote(ask({ artifact: a1.id }), ports);
    await promote(ask({ artifact: a3.id }), ports);
    expect(record(repository.text(".glu/web/staging.json")).current?.superseded).toEqual([a2.id]);
  });

  it("does not fail for what it cannot tell of others in a store that it may not read", async () => {
    const { ports, ask } = world({ artifacts: [a1, a2, a3] });
    const closed = async () => {
      throw new UserError("repository/not-found", "The app's own repository is private.");
    };
    ports.storesOf = () => [{ ...storeOf([]), ids: closed, read: closed }, storeOf([a1, a2, a3])];
    await promote(ask({ artifact: a1.id }), ports);
    const second = await promote(ask({ artifact: a3.id }), ports);
    expect(second.decisions[0]).toMatchObject({ result: "promoted", release: { superseded: [a2.id] } });
  });

  it("decides and edits again when it loses the race", async () => {
    const { repository, ports, ask } = world({ apps: ["web", "api"], artifacts: [a1, artifactOf("api", 1)] });
    repository.beforeCommit = async () => void (await promote(ask({ apps: ["api"] }), ports));
    const result = await promote(ask(), ports);
    expect(result.result).toBe("promoted");
    expect(repository.text("apps/web/staging.txt")).toContain("1.1");
    expect(repository.text("apps/api/staging.txt")).toContain("1.1");
    expect(repository.commits).toHaveLength(3);
  });

  it("that lost to a newer artifact of the same app is superseded, not written over it", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1, a2] });
    repository.beforeCommit = async () => void (await promote(ask({ artifact: a2.id }), ports));
    const result = await promote(ask({ artifact: a1.id }), ports);
    expect(result.result).toBe("superseded");
    expect(repository.text("apps/web/staging.txt")).toContain("1.2");
  });

  it("whose push arrived although the answer was lost is found, not doubled", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    const commit = repository.commit.bind(repository);
    let failures = 0;
    repository.commit = async (onto, change) => {
      const made = await commit(onto, change);
      if (failures++ === 0) throw new OutsideError("repository/unreachable", "The line was cut.", { transient: true });
      return made;
    };
    const result = await promote(ask(), ports);
    expect(result.decisions[0]).toMatchObject({
      result: "promoted",
      repeated: false,
      commit: repository.commits[1]!.id,
    });
    expect(result.commits).toMatchObject([{ commit: repository.commits[1]!.id }]);
    expect(repository.commits).toHaveLength(2);
  });

  it("reads a store that it may, though the app's own is closed to it, also for what was overtaken", async () => {
    const artifacts = [a1];
    const { ports, ask } = world({ artifacts });
    const [open] = ports.storesOf({} as never);
    const stores = [closedStore(open!), open!];
    await promote(ask(), { ...ports, storesOf: () => stores });
    artifacts.push(a2, a3);
    const result = await promote(ask(), { ...ports, storesOf: () => stores });
    expect(result.decisions[0]).toMatchObject({ result: "promoted", release: { superseded: [a2.id] } });
  });

  it("of all apps passes over one whose artifacts it may not read, and says so; by name it is an error", async () => {
    const { ports, ask } = world({ apps: ["web", "api"], artifacts: [a1] });
    const [open] = ports.storesOf({} as never);
    const storesOf: typeof ports.storesOf = ({ name }) => [name === "api" ? closedStore(open!) : open!];
    const result = await promote(ask({ apps: [] }), { ...ports, storesOf });
    expect(result.decisions).toMatchObject([{ intent: { app: "web" }, result: "promoted" }]);
    expect(result.passedOver).toContainEqual(
      expect.objectContaining({
        app: "api",
        environment: "staging",
        reason: expect.stringContaining("cannot be read"),
      }),
    );
    expect(result.notices).toEqual([expect.stringContaining("api is passed over")]);
    const closed = expect.objectContaining({ code: "repository/not-found" });
    await expect(promote(ask({ apps: ["api"] }), { ...ports, storesOf })).rejects.toEqual(closed);
    const none = { ...ports, storesOf: () => [closedStore(open!)] };
    await expect(promote(ask({ apps: [] }), none), "nothing at all could be read").rejects.toEqual(closed);
  });

  it("whose record is damaged is refused, and the others are made", async () => {
    const { repository, ports, ask } = world({ apps: ["web", "api"], artifacts: [a1, artifactOf("api", 1)] });
    repository.push("damage", [{ path: repoPath(".glu/web/staging.json"), content: bytes("{") }]);
    const { decisions } = await promote(ask({ apps: ["web", "api"] }), ports);
    expect(decisions.map(({ intent, result }) => [intent.app, result])).toEqual([
      ["web", "refused"],
      ["api", "promoted"],
    ]);
    expect(decisions[0]!.gates[0]).toMatchObject({ name: "record", code: "record/malformed" });
  });

  it("that was carried out is found by its request, also when its artifact has been pruned", async () => {
    const artifacts = [a1];
    const { ports, ask } = world({ artifacts });
    const request = ask({ artifact: a1.id, request: requestId("pruned") });
    const first = await promote(request, ports);
    artifacts.pop();
    const again = await promote(request, ports);
    expect(again.decisions[0]).toMatchObject({ result: "promoted", repeated: true, commit: first.commits[0]!.commit });
  });

  it("of latest is not stopped by a newer artifact from elsewhere", async () => {
    const foreign = artifactOf("web", 9, { version: { ...a1.version, repositoryName: "evil/web" } });
    const { ports, ask } = world({ artifacts: [a1, foreign] });
    expect((await promote(ask(), ports)).decisions[0]).toMatchObject({ intent: { artifact: { id: a1.id } } });
  });

  it("outlives an outage of some seconds while it pushes", async () => {
    const { repository, ports, clock, ask } = world({ artifacts: [a1] });
    const commit = repository.commit.bind(repository);
    const down = (until: number) => {
      if (clock.time < start + until) throw new OutsideError("repository/unreachable", "Down.", { transient: true });
    };
    repository.commit = async (onto, change) => {
      down(5000);
      return commit(onto, change);
    };
    expect((await promote(ask(), ports)).result).toBe("promoted");
  });

  it("waits as long as the server asks before it tries again", async () => {
    const { repository, ports, clock, ask } = world({ artifacts: [a1] });
    const commit = repository.commit.bind(repository);
    repository.commit = async (onto, change) => {
      if (clock.time < start + 30_000) {
        throw new OutsideError("repository/unreachable", "Busy.", { transient: true, retryAfter: 30_000 });
      }
      return commit(onto, change);
    };
    expect((await promote(ask(), ports)).result).toBe("promoted");
  });

  it("is held at values changed by hand, unless it may overwrite them", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1, a2] });
    await promote(ask({ artifact: a1.id }), ports);
    repository.push("by hand", [
      { path: "apps/web/staging.txt" as never, content: new TextEncoder().encode("a: 1\ntag: hot\n") },
    ]);
    const same = await promote(ask({ artifact: a1.id }), ports);
    expect(same.decisions[0]).toMatchObject({ result: "held", reason: expect.stringContaining("hot") });
    expect((await promote(ask({ artifact: a2.id }), ports)).result).toBe("held");
    expect((await promote(ask({ artifact: a2.id, overwrite: true }), ports)).result).toBe("promoted");
    expect(repository.text("apps/web/staging.txt")).toBe("a: 1\ntag: 1.2\n");
  });

  it("of a plan decides the same and writes nothing", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    const plan = await promote(ask({ plan: true }), ports);
    expect(plan.result).toBe("planned");
    expect(plan.decisions[0]!.changes).toHaveLength(1);
    expect(repository.commits).toHaveLength(1);
  });

  it("as a set moves together or not at all", async () => {
    const api = artifactOf("api", 1);
    const { repository, ports, ask } = world({ apps: ["web", "api"], artifacts: [a1, api] });
    await promote(ask({ apps: ["web"] }), ports);
    const set = { apps: ["web", "api"], environments: ["production"], set: true };
    const untouched = repository.commits.length;
    const { decisions } = await promote(ask(set), ports);
    expect(decisions.map(({ result, reason }) => [result, reason])).toEqual([
      ["held", "moves with its set, and api in production is held"],
      ["held", "was not released in staging"],
    ]);
    expect(repository.commits).toHaveLength(untouched);
    await promote(ask({ apps: ["api"] }), ports);
    const before = repository.commits.length;
    expect((await promote(ask(set), ports)).decisions.map((one) => one.result)).toEqual(["promoted", "promoted"]);
    expect(repository.commits).toHaveLength(before + 1);
  });

  it("of an undeclared image or source is refused", async () => {
    const foreign = artifactOf("web", 4, { version: { ...a1.version, repositoryName: "evil/web" } });
    const image = artifactOf("web", 5, { images: { web: { ...a1.images.web!, name: "ghcr.io/evil/web" } } });
    const { ports, ask } = world({ artifacts: [foreign, image] });
    expect((await promote(ask({ artifact: foreign.id }), ports)).decisions[0]).toMatchObject({
      result: "refused",
      reason: expect.stringContaining("evil/web"),
    });
    expect((await promote(ask({ artifact: image.id }), ports)).decisions[0]).toMatchObject({
      result: "refused",
      reason: expect.stringContaining("ghcr.io/evil/web"),
    });
  });

  it("refuses one intent whose file is missing and makes the others", async () => {
    const { repository, ports, ask } = world({
      apps: ["web", "api"],
      artifacts: [a1, artifactOf("api", 1)],
      files: { "apps/web/staging.txt": "tag: none\n" },
    });
    const result = await promote(ask({ apps: ["web", "api"] }), ports);
    expect(result.decisions.map((one) => one.result)).toEqual(["promoted", "refused"]);
    expect(result.decisions[1]!.gates[0]).toMatchObject({ name: "edit", code: "edit/no-file" });
    expect(repository.commits).toHaveLength(2);
  });

  const failing = (error: Error): ArtifactStore => ({
    ...storeOf([]),
    ids: () => Promise.reject(error),
    read: () => Promise.reject(error),
  });

  it("of the latest is never what a second store has while the first is out of order", async () => {
    const { ports, ask, repository } = world({ artifacts: [] });
    const outage = new OutsideError("repository/unreachable", "It does not answer.");
    ports.storesOf = () => [failing(outage), storeOf([a1])];
    await expect(promote(ask({ environments: ["staging"] }), ports)).rejects.toBe(outage);
    await expect(promote(ask(), ports)).rejects.toBe(outage);
    await expect(promote(ask({ apps: [], artifact: a2.id }), ports)).rejects.toBe(outage);
    expect(repository.commits).toHaveLength(1);
    // Where the first holds nothing, or may not be seen, the second is asked.
    const closed = new UserError("repository/not-found", "There is none.");
    for (const first of [storeOf([]), failing(closed)]) {
      ports.storesOf = () => [first, storeOf([a1])];
      expect((await promote(ask({ plan: true }), ports)).result).toBe("planned");
    }
  });

  it("leaves out a damaged artifact with a warning, and goes on with the sound ones", async () => {
    const { ports, ask } = world({ artifacts: [] });
    const sound = storeOf([a1, a2, a3]);
    ports.storesOf = () => [
      {
        ...sound,
        read: async (app, ids) => {
          if (ids.includes(a3.id as never)) throw new UserError("artifact/tampered", `${a3.id} was changed.`);
          return sound.read(app, ids);
        },
      },
    ];
    const result = await promote(ask(), ports);
    expect(result.decisions).toMatchObject([{ result: "promoted", intent: { artifact: { id: a2.id } } }]);
    expect(result.notices).toEqual([expect.stringContaining(a3.id)]);
    await expect(promote(ask({ environments: ["staging"], artifact: a3.id }), ports)).rejects.toMatchObject({
      code: "artifact/tampered",
    });
  });

  it.each([
    ["latest", "latest"],
    ["by its id", artifactOf("web", 4).id],
  ])(
    "that overtakes a damaged artifact is made, asked for %s, and overtakes the sound ones",
    async (_how, artifact) => {
      const [a4, tampered] = [artifactOf("web", 4), new UserError("artifact/tampered", "It was changed.")];
      const { ports, ask } = world({ artifacts: [a1] });
      await promote(ask(), ports);
      const store = storeOf([a1, a2, a3, a4]);
      const damaged: ArtifactStore = {
        ...store,
        read: async (app, ids) => (ids.includes(a2.id as never) ? Promise.reject(tampered) : store.read(app, ids)),
      };
      ports.storesOf = () => [damaged];
      const result = await promote(ask({ artifact }), ports);
      expect(result.decisions).toMatchObject([{ result: "promoted", release: { superseded: [a3.id] } }]);
    },
  );

  it("of many apps tells each store once which of them it will be asked for, and no store of one", async () => {
    const { ports, ask } = world({ apps: ["web", "api", "jobs"], artifacts: [] });
    const expected: string[][] = [];
    const telling = (name: string, apps: string[]): ArtifactStore => ({
      ...storeOf(apps.map((app) => artifactOf(app, 1))),
      expect: async (names) => {
        expected.push([name, ...names]);
        throw new OutsideError("repository/unreachable", "It does not answer now.");
      },
    });
    const [shared, own] = [telling("shared", ["web", "api"]), telling("own", ["jobs"])];
    ports.storesOf = ({ name }) => (name === "jobs" ? [own, shared] : [shared]);
    const result = await promote(ask({ apps: [] }), ports);
    expect(expected).toEqual([["shared", "web", "api", "jobs"]]);
    expect(result.decisions.map((one) => [one.intent.app, one.result])).toEqual(
      ["web", "api", "jobs"].map((app) => [app, "promoted"]),
    );
  });

  it("of an app that has damaged artifacts alone is not green, and neither is one that was asked for", async () => {
    const { ports, ask } = world({ apps: ["web", "api"], artifacts: [] });
    const tampered = new UserError("artifact/tampered", "It was changed.");
    const broken: ArtifactStore = { ...storeOf([artifactOf("api", 1)]), read: () => Promise.reject(tampered) };
    ports.storesOf = ({ name }) => [name === "web" ? storeOf([a1]) : broken];
    const result = await promote(ask({ apps: [] }), ports);
    expect(result.decisions.map((one) => [one.intent.app, one.result])).toEqual([["web", "promoted"]]);
    expect(result.undecided).toEqual([{ app: "api", environment: "staging", error: tampered }]);
    await expect(promote(ask({ apps: ["api"] }), ports)).rejects.toBe(tampered);
  });

  it.each<[string, Partial<PromoteRequest>]>([
    ["by their policies", { apps: [] }],
    ["by name", { apps: ["web", "api"], environments: ["staging"] }],
  ])("of apps %s is made of those that can be decided, and is not green", async (_how, asked) => {
    const { ports, ask, repository } = world({ apps: ["web", "api"], artifacts: [] });
    const outage = new OutsideError("repository/unreachable", "It does not answer.");
    ports.storesOf = ({ name }) => [name === "web" ? storeOf([a1]) : failing(outage)];
    const result = await promote(ask(asked), ports);
    expect(result.decisions.map((one) => [one.intent.app, one.result])).toEqual([["web", "promoted"]]);
    expect(result.undecided).toEqual([{ app: "api", environment: "staging", error: outage }]);
    expect(result.result).toBe("refused");
    // All or nothing: then nothing.
    const before = repository.commits.length;
    await expect(promote(ask({ ...asked, set: true }), ports)).rejects.toBe(outage);
    ports.storesOf = ({ name }) => [name === "web" ? storeOf([a2]) : closedStore(storeOf([]))];
    await expect(promote(ask({ ...asked, set: true }), ports)).rejects.toMatchObject({ code: "repository/not-found" });
    expect(repository.commits).toHaveLength(before);
  });

  it("whose upstream record is damaged is no failure of the others", async () => {
    const artifacts = [a1, artifactOf("api", 1)];
    const { ports, ask, repository } = world({ apps: ["web", "api"], artifacts });
    await promote(ask({ apps: [] }), ports);
    repository.push("damage", [{ path: repoPath(".glu/api/staging.json"), content: bytes("{") }]);
    const result = await promote(ask({ apps: [], environments: ["production"] }), ports);
    expect(result.decisions.map((one) => [one.intent.app, one.result])).toEqual([["web", "promoted"]]);
    expect(result.undecided).toMatchObject([{ app: "api", error: { code: "record/malformed" } }]);
  });

  it.each([
    ["was lost", 0, true],
    ["has forgotten it", 52, false],
  ])("that is made again when its record %s answers with the commit that history knows", async (_why, more, lose) => {
    const artifacts = Array.from({ length: more + 2 }, (_, index) => artifactOf("web", index + 1));
    const { ports, ask, repository } = world({ artifacts });
    const staging = (artifact: Artifact) => ask({ environments: ["staging"], artifact: artifact.id });
    const first = staging(artifacts[0]!);
    const { commits } = await promote(first, ports);
    for (const artifact of artifacts.slice(1)) await promote(staging(artifact), ports);
    if (lose) repository.push("lose", [{ path: repoPath(".glu/web/staging.json"), content: undefined }]);
    const before = repository.commits.length;
    const again = await promote({ ...first, again: true }, ports);
    expect(again.decisions).toMatchObject([{ result: "promoted", repeated: true, commit: commits[0]!.commit }]);
    expect(repository.commits).toHaveLength(before);
    const other = await promote({ ...staging(artifacts[1]!), request: first.request, again: true }, ports);
    expect(other.decisions).toMatchObject([{ result: "refused", gates: [{ code: "request/reused" }] }]);
  });

  it("of the latest into several environments goes where it may, and says what the others wait for", async () => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    const result = await promote(ask({ environments: ["staging", "production"] }), ports);
    expect(result.result).toBe("held");
    expect(result.decisions.map((one) => [one.intent.environment, one.result, one.reason])).toEqual([
      ["staging", "promoted", "all gates are met"],
      ["production", "held", "was not released in staging"],
    ]);
    expect(repository.commits).toHaveLength(2);
  });

  it("refused for its file says also what its gates would have said", async () => {
    const audit = {
      schema: "glu.freeze.v1",
      scope: "staging",
      reason: "audit",
      at: "2026-01-01T00:00:00Z",
      request: "r",
    };
    const files = { ".glu/_freeze/staging.json": JSON.stringify({ ...audit, actor: { name: "ada", verified: true } }) };
    const { ports, ask } = world({ artifacts: [a1], files });
    const [decision] = (await promote(ask(), ports)).decisions;
    expect(decision).toMatchObject({ result: "refused", reason: expect.stringContaining("apps/web/staging.txt") });
    expect(decision!.gates.find(({ name }) => name === "edit")).toMatchObject({ met: false, outcome: "refused" });
    expect(decision!.gates.find(({ name }) => name === "freeze")).toMatchObject({ met: false, outcome: "held" });
    expect(decision!.gates.find(({ name }) => name === "drift")).toBeUndefined();
  });

  it("two intents that want different values in one place: the second is refused", async () => {
    const shared = pipelineOf(
      ["web"],
      [environment("staging", { policy: onMain }), environment("demo", { policy: onMain })],
      {
        write: [{ editor: "lines", options: { lines: "shared.txt", set: { tag: "{{env}}" } }, line: undefined }],
      },
    );
    const { ports, ask } = world({ pipeline: shared, artifacts: [a1], files: { "shared.txt": "tag: x\n" } });
    const result = await promote(ask(), ports);
    expect(result.decisions.map((one) => one.result)).toEqual(["promoted", "refused"]);
    expect(result.decisions[1]!.gates[0]).toMatchObject({ code: "edit/contradiction" });
  });

  it("of all apps into an environment goes on without those that have no artifact yet", async () => {
    const { ports, ask } = world({ apps: ["web", "api"], artifacts: [a1] });
    const result = await promote(ask({ apps: [], environments: ["staging"] }), ports);
    expect(result.result).toBe("promoted");
    expect(result.passedOver).toMatchObject([{ app: "api", environment: "staging" }]);
  });

  it("into a named environment never succeeds by doing nothing", async () => {
    const members = { environments: [envName("staging")] };
    const pipeline = pipelineOf(["web"], [environment("staging"), environment("qa")], members);
    const { ports, ask } = world({ pipeline, artifacts: [] });
    const into = (name: string) => promote(ask({ apps: [], environments: [name] }), ports);
    await expect(into("qa")).rejects.toMatchObject({ code: "config/not-a-member" });
    await expect(into("staging")).rejects.toMatchObject({ code: "artifact/none" });
  });

  it.each([
    [{ apps: ["wbe"] }, "config/unknown-app"],
    [{ environments: ["prodution"] }, "config/unknown-environment"],
    [{ artifact: "-x" }, "input/artifact"],
    [{ artifact: "20260101t000000z-000000000000" }, "artifact/not-found"],
    [{ reason: "a\nGlu-Kind: rollback" }, "input/line"],
    [{ commitMessage: "a\nb" }, "input/line"],
  ])("of bad input %j is the error %s and changes nothing", async (more, code) => {
    const { repository, ports, ask } = world({ artifacts: [a1] });
    await expect(promote(ask(more), ports)).rejects.toMatchObject({ code });
    expect(repository.commits).toHaveLength(1);
  });
});

describe("the soak gate", () => {
  const pipeline = pipelineOf(
    ["web"],
    [
      environment("staging", { policy: onMain }),
      environment("production", {
        from: { mode: "all", environments: [envName("staging")] },
        gates: [{ name: "soak", options: "1h" }],
      }),
    ],
  );

  it("holds until the artifact has been upstream long enough, and says when it clears", async () => {
    const { ports, clock, ask } = world({ pipeline, artifacts: [a1] });
    await promote(ask(), ports);
    clock.time += 600_000;
    const held = await promote(ask({ environments: ["production"] }), ports);
    expect(held.decisions[0]!.gates.find(({ met }) => !met)).toMatchObject({
      name: "soak",
      seen: "has been upstream for 10m of 1h",
      clearsAt: new Date(start + 3_600_000).toISOString(),
    });
    clock.time += 3_000_000;
    expect((await promote(ask({ environments: ["production"] }), ports)).result).toBe("promoted");
  });
});

describe("two stages", () => {
  it("keep their order on the board", async () => {
    const { ports, ask } = world({ pipeline: pipelineOf(["web"], twoStages()), artifacts: [a1] });
    const { board } = await promote(ask(), ports);
    expect(board.map(({ environment: name, release }) => [name, release?.artifact.id])).toEqual([
      ["staging", a1.id],
      ["production", undefined],
    ]);
  });
});
