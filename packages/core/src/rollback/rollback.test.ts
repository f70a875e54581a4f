import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import { appName, repoPath, requestId } from "../model/names.ts";
import { type Pin, type ReleaseRecord, releases } from "../model/record.ts";
import type { RollbackOptions } from "../promote/options.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, start, storeOf, world } from "../test-kit/memory.ts";

const [a1, a2, a3, a4] = [1, 2, 3, 4].map((number) => artifactOf("web", number)) as [
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
  ReturnType<typeof artifactOf>,
];

const previous: RollbackOptions = {
  target: { kind: "steps", count: 1 },
  pin: undefined,
  directly: false,
  exact: false,
};
const to = (name: string): RollbackOptions => ({ ...previous, target: { kind: "named", name } });

/** staging has had these, one after the other, an hour apart. */
async function after(artifacts: readonly ReturnType<typeof artifactOf>[], apps = ["web"]) {
  const made = world({ apps, artifacts: [a1, a2, a3, a4] });
  const { repository, ports, ask, clock } = made;
  for (const { id } of artifacts) {
    await promote(ask({ environments: ["staging"], artifact: id }), ports);
    clock.time += 3_600_000;
  }
  const read = <T>(path: string) => JSON.parse(repository.text(path) ?? "null") as T;
  const record = () => read<ReleaseRecord>(".glu/web/staging.json");
  const roll = (rollback: RollbackOptions, more: Parameters<typeof ask>[0] = {}) =>
    promote(ask({ environments: ["staging"], rollback, ...more }), ports);
  const file = () => repository.text("apps/web/staging.txt");
  return { ...made, record, roll, file, pinned: () => read<Pin | null>(".glu/web/staging.pin.json") };
}

const idsOf = (record: ReleaseRecord) => releases(record).map(({ artifact }) => artifact.id);
const rejectedIn = ({ rejected }: ReleaseRecord) => rejected.map(({ artifact }) => artifact);

describe("a rollback", () => {
  it("to the previous release writes what that was, rejects what it undoes, and says so", async () => {
    const { roll, record, file, repository } = await after([a1, a2, a3]);
    const { result, decisions } = await roll(previous, { reason: "errors" });
    expect([result, file()]).toEqual(["promoted", "a: 1\ntag: 1.2\n"]);
    expect(record()).toMatchObject({ current: { kind: "rollback", artifact: { id: a2.id }, reason: "errors" } });
    expect(rejectedIn(record())).toEqual([a3.id]);
    expect(decisions[0]).toMatchObject({ previous: { artifact: { id: a3.id } } });
    const message = repository.commits.at(-1)?.message;
    expect(message).toContain("Roll back web in staging to 1.2\n");
    expect(message).toContain(`undoes 1.3, ${a3.id}`);
    expect(message).toContain("Glu-Kind: rollback");
  });

  it("once more goes further back, never to and fro", async () => {
    const { roll, record } = await after([a1, a2, a3]);
    await roll(previous);
    await roll(previous);
    expect(idsOf(record())).toEqual([a1.id, a2.id, a3.id, a2.id, a1.id]);
    expect(rejectedIn(record()).sort()).toEqual([a2.id, a3.id]);
    await expect(roll(previous)).rejects.toMatchObject({ code: "rollback/nothing" });
  });

  it("by the same request is done once", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    const request = requestId("again");
    await roll(previous, { request });
    const before = repository.commits.length;
    const { decisions } = await roll(previous, { request, again: true });
    expect(decisions).toMatchObject([{ result: "promoted", repeated: true, release: { artifact: { id: a2.id } } }]);
    expect([repository.commits.length, record().current?.artifact.id]).toEqual([before, a2.id]);
  });

  it("by the request of a promotion is refused, and so is the other way round", async () => {
    const { roll, ask, ports, repository } = await after([a1, a2]);
    const request = requestId("forward");
    await promote(ask({ environments: ["staging"], artifact: a3.id, request }), ports);
    const before = repository.commits.length;
    const { decisions } = await roll(previous, { request, again: true });
    expect(decisions[0]).toMatchObject({ result: "refused", gates: [{ code: "request/reused" }] });
    const back = requestId("back");
    await roll(previous, { request: back });
    const forward = await promote(ask({ environments: ["staging"], artifact: "latest", request: back }), ports);
    expect(forward.decisions[0]).toMatchObject({ result: "refused", gates: [{ code: "request/reused" }] });
    expect(repository.commits).toHaveLength(before + 1);
  });

  it("to a time before all that the record remembers goes by the history of the branch", async () => {
    const { roll, record, repository, ask, ports, clock } = await after([]);
    repository.now = () => clock.now();
    const many = Array.from({ length: 60 }, (_, index) => artifactOf("web", index + 1));
    ports.storesOf = () => [storeOf(many)];
    for (const { id } of many) {
      await promote(ask({ environments: ["staging"], artifact: id }), ports);
      clock.time += 3_600_000;
    }
    expect(record().history).toHaveLength(50);
    await roll({ ...previous, target: { kind: "time", at: start + 2.5 * 3_600_000 } });
    expect(record().current?.artifact.id).toBe(many[2]?.id);
  });

  it("by the same request to another target by name is refused, and done once to the same by whatever name", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    const again = { request: requestId("again"), again: true };
    await roll(to("1.1"), again);
    const before = repository.commits.length;
    const other = await roll(to("1.2"), again);
    expect(other.decisions[0]).toMatchObject({ result: "refused", gates: [{ code: "request/reused" }] });
    await expect(roll(to("9.9"), again)).rejects.toMatchObject({ code: "rollback/nothing" });
    for (const name of ["1.1", a1.id, a1.version.sha.slice(0, 9), repository.commits[1]?.id.slice(0, 9) ?? ""]) {
      const { decisions } = await roll(to(name), again);
      expect(decisions[0]).toMatchObject({ result: "promoted", repeated: true, intent: { artifact: { id: a1.id } } });
    }
    expect([repository.commits.length, record().current?.artifact.id]).toEqual([before, a1.id]);
  });

  it("keeps what it undoes from going as the latest, whatever the reason; by its id it goes", async () => {
    const { roll, record, ask, ports } = await after([a1, a2, a3, a4]);
    await roll(previous, { reason: "errors" });
    const again = { environments: ["staging"], reason: "the next one, please" };
    const latest = await promote(ask(again), ports);
    expect([latest.result, record().current?.artifact.id]).toEqual(["refused", a3.id]);
    expect(latest.decisions[0]?.gates).toContainEqual(
      expect.objectContaining({ code: "rejected/rejected", clearedBy: "a promotion that names it, with a reason" }),
    );
    const named = await promote(ask({ ...again, artifact: a4.id }), ports);
    const passed = named.decisions[0]?.gates.find(({ name }) => name === "rejected");
    expect(passed).toMatchObject({ met: true, seen: "was rejected (errors), and a reason was given" });
  });

  it("that loses its race goes where it was going", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    repository.beforeCommit = async () => {
      repository.beforeCommit = undefined;
      await roll(previous);
    };
    const { result } = await roll(previous);
    expect([result, record().current?.artifact.id]).toEqual(["unchanged", a2.id]);
  });

  it("that loses its race against one further back does not undo it, whatever its reason", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    repository.beforeCommit = async () => {
      repository.beforeCommit = undefined;
      await roll({ ...previous, target: { kind: "steps", count: 2 } }, { reason: "1.2, too" });
    };
    const { result, decisions } = await roll(previous, { reason: "errors" });
    expect([result, record().current?.artifact.id]).toEqual(["refused", a1.id]);
    expect(decisions[0]?.gates.filter(({ met }) => !met)).toMatchObject([
      { code: "rejected/rejected", clearedBy: "a rollback that names it, with a reason" },
    ]);
  });

  it.each([
    ["two releases back", { ...previous, target: { kind: "steps", count: 2 } as const }, a1],
    ["its id", to(a1.id), a1],
    ["its tag", to("1.1"), a1],
    ["its source commit", to(a2.version.sha.slice(0, 10)), a2],
    ["a time", { ...previous, target: { kind: "time", at: start + 1.5 * 3_600_000 } as const }, a2],
  ])("by %s", async (_by, rollback, artifact) => {
    const { roll, record } = await after([a1, a2, a3]);
    await roll(rollback);
    expect(record().current?.artifact.id).toBe(artifact.id);
  });

  it("by a commit of the config repository", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    const { id } = repository.commits[1]!;
    await roll(to(id.slice(0, 12)));
    expect(record().current?.artifact.id).toBe(a1.id);
  });

  it("to what was never released here says so", async () => {
    const { roll } = await after([a1, a2]);
    await expect(roll(to(a4.id))).rejects.toMatchObject({ code: "rollback/nothing" });
  });

  it("to what had been undone needs a reason, and rejects nothing that is older", async () => {
    const { roll, record } = await after([a1, a2]);
    await roll(previous);
    expect((await roll(to(a2.id))).result).toBe("refused");
    expect((await roll(to(a2.id), { reason: "it was the database" })).result).toBe("promoted");
    expect([record().current?.artifact.id, rejectedIn(record())]).toEqual([a2.id, []]);
  });

  it("passes a freeze and gates of the environment, and pins what it went back to", async () => {
    const { roll, ports, pinned, ask } = await after([a1, a2]);
    const by = { actor: { name: "ada", verified: true }, request: requestId("f"), until: undefined };
    await freeze({ ...by, scope: "all", reason: "audit" }, ports);
    const until = new Date(start + 86_400_000).toISOString();
    expect((await roll({ ...previous, pin: { until } }, { reason: "errors" })).result).toBe("promoted");
    expect(pinned()).toMatchObject({ artifact: a1.id, reason: "errors", until });
    const next = await promote(ask({ environments: ["staging"], artifact: a4.id }), ports);
    expect(next.decisions[0]).toMatchObject({ result: "held" });
  });

  it("passes a pin only when that is overridden", async () => {
    const { roll, ports, pinned } = await after([a1, a2]);
    const by = { actor: { name: "grace", verified: true }, request: requestId("p"), until: undefined };
    const place = { app: "web", environment: "staging", artifact: undefined };
    await pin({ ...by, ...place, reason: "contract" }, ports);
    const { decisions } = await roll(previous);
    expect(decisions[0]).toMatchObject({ result: "held" });
    expect(decisions[0]?.reason).toContain("by grace: contract");
    const over = await roll({ ...previous, pin: { until: undefined } }, { override: ["pin"], reason: "errors" });
    expect(over.decisions[0]).toMatchObject({ result: "promoted" });
    expect(pinned()).toMatchObject({ artifact: a1.id });
  });

  it("does not write over what was changed by hand", async () => {
    const { roll, repository, file } = await after([a1, a2]);
    repository.push("by hand", [{ path: repoPath("apps/web/staging.txt"), content: bytes("a: 1\ntag: 6.6\n") }]);
    expect((await roll(previous)).result).toBe("held");
    expect((await roll(previous, { overwrite: true })).result).toBe("promoted");
    expect(file()).toBe("a: 1\ntag: 1.1\n");
  });
});

describe("a rollback of a whole environment", () => {
  it("is one commit, and leaves alone what was not there", async () => {
    const made = await after([a1, a2], ["web", "api"]);
    const before = made.repository.commits.length;
    const { decisions, passedOver } = await made.roll(previous, { apps: [] });
    expect(decisions.map(({ intent, result }) => [intent.app, result])).toEqual([["web", "promoted"]]);
    expect(passedOver).toMatchObject([{ app: "api", reason: "nothing is released of api in staging" }]);
    expect(made.repository.commits).toHaveLength(before + 1);
  });
});

describe("a rollback, when the config has changed since", () => {
  const write = (set: Record<string, string>) => [
    { editor: "lines", options: { lines: "apps/{{app}}/{{env}}.txt", set }, line: undefined },
  ];

  it("takes what its artifact lacks from what was written then", async () => {
    const made = await after([a1, a2]);
    const app = made.pipeline.apps.get(appName("web"))!;
    app.write = write({ tag: "{{missing}}" });
    const { render } = made.ports.templates;
    const templates = {
      render: (text: string, variables: Readonly<Record<string, unknown>>) => {
        if (text === "{{missing}}") throw new UserError("template/missing-variable", "There is no missing.");
        return render(text, variables);
      },
    };
    const ask = made.ask({ environments: ["staging"], rollback: previous });
    const { result } = await promote(ask, { ...made.ports, templates });
    expect([result, made.file()]).toEqual(["promoted", "a: 1\ntag: 1.1\n"]);
  });

  it("is refused where the place is gone, and exact puts it back byte for byte", async () => {
    const made = await after([a1]);
    made.repository.push("more", [
      { path: repoPath("apps/web/staging.txt"), content: bytes("b: 2\ntag: 1.1\nc: 3\n") },
    ]);
    await promote(made.ask({ environments: ["staging"], artifact: a2.id }), made.ports);
    made.repository.push("gone", [{ path: repoPath("apps/web/staging.txt"), content: bytes("b: 2\n") }]);
    const { decisions } = await made.roll(previous, { overwrite: true });
    expect(decisions[0]).toMatchObject({ result: "refused", gates: expect.arrayContaining([]) });
    expect(decisions[0]?.gates[0]).toMatchObject({ code: "edit/no-key", clearedBy: expect.stringContaining("exact") });
    expect((await made.roll({ ...previous, exact: true })).decisions[0]).toMatchObject({ result: "held" });
    const restored = await made.roll({ ...previous, exact: true }, { overwrite: true });
    expect([restored.result, made.file()]).toEqual(["promoted", "a: 1\ntag: 1.1\n"]);
    expect(made.record().current?.writes).toMatchObject([{ selector: "tag", value: "1.1" }]);
  });

  it("exact is refused for a file that another place writes", async () => {
    const made = await after([a1, a2]);
    for (const app of made.pipeline.apps.values())
      app.write = write({ tag: "{{tag}}" }).map((one) => ({
        ...one,
        options: { ...one.options, lines: "apps/web/staging.txt" },
      }));
    const { decisions } = await made.roll({ ...previous, exact: true });
    expect(decisions[0]?.gates[0]).toMatchObject({ code: "rollback/shared-file" });
  });

  it("exact is refused for a file that another place wrote, though only its artifact tells where", async () => {
    const made = await after([a1, a2], ["web", "api"]);
    const path = ".glu/api/staging.json";
    const [release] = releases(made.record());
    const writes = [{ path: "apps/web/staging.txt", selector: "b", value: "1", editor: "lines" }];
    const current = { ...release, artifact: artifactOf("api", 1), writes };
    const record = { ...made.record(), app: "api", current, history: [] };
    made.repository.push("api", [{ path: repoPath(path), content: bytes(JSON.stringify(record)) }]);
    const { decisions } = await made.roll({ ...previous, exact: true });
    expect(decisions[0]?.gates[0]).toMatchObject({ code: "rollback/shared-file" });
    expect(decisions[0]?.reason).toContain("by api in staging");
  });

  it("exact is refused where the history has lost the commit", async () => {
    const made = await after([a1, a2]);
    for (const commit of made.repository.commits) commit.message = "rewritten";
    const { decisions } = await made.roll({ ...previous, exact: true });
    expect(decisions[0]?.gates[0]).toMatchObject({ code: "rollback/no-commit" });
  });

  it("exact is refused where the commit has the files of a later release, as a squash merge of both has", async () => {
    const made = await after([a1, a2, a3]);
    const [first, second] = made.repository.commits.slice(-3);
    if (first === undefined || second === undefined) throw new Error("There are three.");
    second.message = `${first.message}\n${second.message}`;
    first.message = "squashed";
    const { decisions } = await made.roll({ ...to(a1.id), exact: true });
    expect(decisions[0]?.gates[0]).toMatchObject({ code: "rollback/no-commit" });
    expect(made.file()).toContain("tag: 1.3");
    expect((await made.roll({ ...to(a2.id), exact: true })).result).toBe("promoted");
  });
});

describe("a rollback where the record was lost", () => {
  const remove = [{ path: repoPath(".glu/web/staging.json"), content: undefined }];

  it("goes by the record as the branch last had it, and has it again", async () => {
    const { roll, record, repository } = await after([a1, a2, a3]);
    repository.push("cleaned up", remove);
    expect((await roll(previous)).result).toBe("promoted");
    expect([idsOf(record()), rejectedIn(record())]).toEqual([[a2.id, a3.id, a2.id, a1.id], [a3.id]]);
  });

  it("goes by what the messages of commits tell, where no commit has it", async () => {
    const { roll, record, repository, file } = await after([a1, a2, a3]);
    for (const { files } of repository.commits) files.delete(repoPath(".glu/web/staging.json"));
    expect((await roll(previous)).result).toBe("promoted");
    expect([idsOf(record()), file()]).toEqual([[a2.id, a3.id, a2.id, a1.id], "a: 1\ntag: 1.2\n"]);
  });

  it("takes no message for more than an artifact's id", async () => {
    const { roll, repository } = await after([a1, a2]);
    for (const commit of repository.commits) {
      commit.files.delete(repoPath(".glu/web/staging.json"));
      commit.message = commit.message.replace(/^Glu-Artifact: .*$/m, "Glu-Artifact: ./secrets.json");
    }
    await expect(roll(previous)).rejects.toMatchObject({ code: "rollback/nothing" });
  });

  it("says that there is nothing where nobody knows", async () => {
    const { roll, repository } = await after([a1, a2]);
    for (const commit of repository.commits) {
      commit.files.delete(repoPath(".glu/web/staging.json"));
      commit.message = "rewritten";
    }
    await expect(roll(previous)).rejects.toMatchObject({ code: "rollback/nothing" });
  });
});
