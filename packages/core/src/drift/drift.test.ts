import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import { freeze, unfreeze } from "../holds/freeze.ts";
import { pin, unpin } from "../holds/pin.ts";
import { envName, type RefName, repoPath, requestId, type Sha, timestamp } from "../model/names.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, bytes, environment, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { drift } from "./drift.ts";
import { describeFinding, describePast, findingCode } from "./finding.ts";
import type { DriftRequest } from "./options.ts";

const hour = 3_600_000;
const [a1, a2] = [artifactOf("web", 1), artifactOf("web", 2)];
const staging = "apps/web/staging.txt";
const hold = { reason: "incident 42", actor: { name: "ada", verified: true } };
const pinned = { ...hold, app: "web", environment: "staging", artifact: undefined, until: undefined };

async function setting(more: Partial<Parameters<typeof world>[0]> = {}) {
  const made = world({ artifacts: [a1, a2], ...more });
  const { repository, ports, ask, clock } = made;
  repository.now = () => clock.time;
  const change = (path: string, text: string | undefined, message = "Change it by hand") =>
    repository.push(message, [{ path: repoPath(path), content: text === undefined ? undefined : bytes(text) }]);
  const tag = (value: string, message?: string) => change(staging, `a: 1\ntag: ${value}\n`, message);
  const look = (request: Partial<DriftRequest> = {}) =>
    drift({ apps: [], environments: [], since: undefined, sinceIsAsked: false, ...request }, ports);
  const to = (artifact: { id: string }) => promote(ask({ environments: ["staging"], artifact: artifact.id }), ports);
  const tip = (): Sha => repository.commits.at(-1)!.id;
  await to(a1);
  return { ...made, change, tag, look, to, tip };
}

describe("what was changed past Glu", () => {
  it("is nothing after promotions, pins and freezes of Glu's", async () => {
    const { look, to, ports, repository } = await setting();
    const since = repository.commits[0]?.id;
    await to(a2);
    await pin({ ...pinned, request: requestId("p1") }, ports);
    await freeze({ ...hold, scope: "all", until: undefined, request: requestId("f1") }, ports);
    await unpin({ ...pinned, request: requestId("p2") }, ports);
    await unfreeze({ ...hold, scope: "all", request: requestId("f2") }, ports);
    expect(await look()).toMatchObject({ result: "clean", findings: [], looked: { places: 2, unrecorded: 1 } });
    // What was frozen and thawed in between touches nothing.
    expect(await look({ since })).toMatchObject({ result: "clean", findings: [], looked: { places: 1, commits: 6 } });
  });

  it("is told with what the record says, what is there, and the commit that put it there", async () => {
    const { look, tag, change } = await setting();
    const culprit = tag("9.9", "Hotfix\n\nbecause");
    change("README.md", "x");
    const { result, findings } = await look();
    expect(result).toBe("drifted");
    expect(findings).toMatchObject([
      {
        kind: "value",
        app: "web",
        environment: "staging",
        path: staging,
        selector: "tag",
        recorded: "1.1",
        found: "9.9",
        by: { commit: culprit, author: "x", subject: "Hotfix", byGlu: false },
        past: [],
      },
    ]);
    expect(findings.map(findingCode)).toEqual(["drift/changed-by-hand"]);
    expect(findings.map(describeFinding)).toEqual(['tag is "9.9", the record says "1.1"']);
  });

  it("is the last one's who went back by hand to what an older release had", async () => {
    const { look, tag, to, change } = await setting();
    await to(a2);
    for (let index = 0; index < 5; index++) change("README.md", `${index}`);
    const culprit = tag("1.1");
    for (let index = 5; index < 9; index++) change("README.md", `${index}`);
    expect((await look()).findings).toMatchObject([{ recorded: "1.2", found: "1.1", by: { commit: culprit } }]);
  });

  it("is told of a file that is gone", async () => {
    const { look, change } = await setting();
    const culprit = change(staging, undefined);
    const { findings } = await look();
    expect(findings).toMatchObject([{ found: undefined, by: { commit: culprit } }]);
    expect(findings.map(describeFinding)).toEqual(['tag is gone with its file, the record says "1.1"']);
  });

  it("is told of a value that is not there in a file that is", async () => {
    const { look, change } = await setting();
    change(staging, "a: 1\n");
    expect((await look()).findings.map(describeFinding)).toEqual([
      'tag is not there, or the file cannot be read, the record says "1.1"',
    ]);
  });

  it("is told when a commit only claims to be Glu's", async () => {
    const { look, tag, tip } = await setting();
    const since = tip();
    tag(
      "9.9",
      "Promote\n\nGlu-Request: forged\nGlu-App: web\nGlu-Environment: staging\nGlu-Kind: promotion\nGlu-Actor: x",
    );
    expect(await look({ since })).toMatchObject({ result: "drifted", findings: [{ by: { byGlu: true } }] });
  });

  it("is no longer told when it was undone", async () => {
    const { look, tag } = await setting();
    tag("9.9");
    tag("1.1");
    expect(await look()).toMatchObject({ result: "clean", findings: [] });
  });

  it("is not looked for in an app that is declared no more, and that is said", async () => {
    const { look, change } = await setting();
    expect((await look()).notices).toEqual([]);
    change(".glu/gone/staging.json", "{}");
    change(".glu/_previews/web/pr-1.json", "{}");
    expect((await look()).notices).toEqual([expect.stringMatching(/no such app.*: gone\.$/)]);
    const nothing = { schema: "glu.record.v1", app: "taken-out", environment: "staging", current: null };
    change(".glu/taken-out/staging.json", JSON.stringify({ ...nothing, history: [], rejected: [] }));
    change(".glu/only-pinned/staging.pin.json", "{}");
    expect((await look()).notices).toEqual([expect.stringMatching(/no such app.*: gone\.$/)]);
    expect((await look({ apps: ["web"] })).notices).toEqual([]);
  });

  it("is looked for where it was asked to", async () => {
    const { look, tag } = await setting();
    tag("9.9");
    expect(await look({ environments: ["production"] })).toMatchObject({ findings: [], looked: { places: 1 } });
  });
});

describe("the commits of a push", () => {
  it("are looked at in the places that they touch, and in no other", async () => {
    const { look, tag, tip, change } = await setting();
    tag("9.9");
    const since = tip();
    change("README.md", "x");
    expect(await look({ since })).toMatchObject({ result: "clean", looked: { places: 0, commits: 1 } });
    tag("9.10");
    expect(await look({ since })).toMatchObject({ result: "drifted", looked: { places: 1, commits: 2 } });
  });

  it("that are not in the history make it look at everything, unless they were asked for", async () => {
    const { look, tag } = await setting();
    tag("9.9");
    const since = "f".repeat(40);
    const { findings, notices, looked } = await look({ since });
    expect([findings.length, looked.commits]).toEqual([1, undefined]);
    expect(notices).toEqual([expect.stringContaining("everything was looked at")]);
    await expect(look({ since, sinceIsAsked: true })).rejects.toMatchObject({ code: "input/since" });
  });

  it("that were merged with the branch as their second parent are looked at as one, and Glu's among them are not told", async () => {
    const { look, to, tip, change, repository } = await setting();
    await to(a2);
    const since = tip();
    const [record, file] = [".glu/web/staging.json", staging].map((path) => repository.text(path) ?? "");
    // The line of whoever merges has no release; the merge brings it in.
    repository.rewind(1);
    const culprit = change(".glu/web/staging.pin.json", "{}");
    repository.push("Merge remote-tracking branch 'origin/main'", [
      { path: repoPath(".glu/web/staging.json"), content: bytes(record ?? "") },
      { path: repoPath(staging), content: bytes(file ?? "") },
    ]);
    const { result, findings, notices, looked } = await look({ since, sinceIsAsked: true });
    expect([result, looked]).toEqual(["drifted", { places: 1, unrecorded: 0, commits: 2 }]);
    expect(findings).toMatchObject([{ kind: "document", document: "pin", change: "added", by: { commit: culprit } }]);
    expect(notices).toEqual([expect.stringContaining("as one change")]);
  });

  it("that were pushed by force are compared with what was there, so that a hold that they drop is told", async () => {
    const { look, to, tip, ports, repository } = await setting();
    await to(a2);
    await freeze({ ...hold, scope: "staging", until: undefined, request: requestId("f1") }, ports);
    const since = tip();
    repository.rewind(2);
    const { result, findings } = await look({ since });
    expect(result).toBe("violation");
    expect(findings.map((one) => [findingCode(one), one.kind === "document" && one.change])).toEqual([
      ["drift/violation", "restored"],
      ["drift/edited-by-hand", "removed"],
    ]);
  });

  it.each<[string, string, (record: string) => string | undefined, string, string]>([
    ["a changed record", ".glu/web/staging.json", (text) => text.replace('"1.1"', '"9.9"'), "changed", "record"],
    ["a removed record", ".glu/web/staging.json", () => undefined, "removed", "record"],
    ["an added pin", ".glu/web/production.pin.json", () => "{}", "added", "pin"],
    ["an added freeze", ".glu/_freeze/all.json", () => "{}", "added", "freeze"],
  ])("of a hand are told for %s", async (_, path, edit, change, document) => {
    const made = await setting();
    const since = made.tip();
    const culprit = made.change(path, edit(made.repository.text(path) ?? ""));
    const { findings } = await made.look({ since });
    const found = findings.filter(({ kind }) => kind === "document");
    expect(found).toMatchObject([{ path, change, document, by: { commit: culprit } }]);
  });

  it("that take a release back with its record are told and fail nothing", async () => {
    const { look, to, tip, repository } = await setting();
    const [record, file] = [".glu/web/staging.json", staging].map((path) => repository.text(path) ?? "");
    await to(a2);
    const since = tip();
    repository.push('Revert "Promote web to staging"', [
      { path: repoPath(".glu/web/staging.json"), content: bytes(record ?? "") },
      { path: repoPath(staging), content: bytes(file ?? "") },
    ]);
    const { result, findings } = await look({ since });
    expect([result, findings.map(findingCode)]).toEqual(["clean", ["drift/record-restored"]]);
  });

  it("that lift a pin by hand are told, and what follows is past nothing", async () => {
    const { look, tag, tip, ports, change } = await setting();
    await pin({ ...pinned, request: requestId("p1") }, ports);
    const since = tip();
    change(".glu/web/staging.pin.json", undefined);
    tag("9.9");
    const { result, findings } = await look({ since });
    expect(result).toBe("drifted");
    expect(findings.map(findingCode)).toEqual(["drift/changed-by-hand", "drift/edited-by-hand"]);
  });

  it("say of a record that nobody can read that it is so", async () => {
    const { look, change, tip } = await setting();
    const since = tip();
    change(".glu/web/staging.json", "not json");
    const { findings } = await look({ since });
    expect(findings.map(findingCode)).toEqual(["record/malformed", "drift/edited-by-hand"]);
    expect((await look()).result).toBe("drifted");
  });
});

describe("a change past a pin or freeze", () => {
  it("is a violation, with who held it and why", async () => {
    const { look, tag, ports } = await setting();
    await pin({ ...pinned, request: requestId("p1") }, ports);
    await freeze({ ...hold, scope: "all", until: undefined, request: requestId("f1") }, ports);
    tag("9.9");
    const { result, findings } = await look();
    expect(result).toBe("violation");
    expect(findings[0]?.past.map(({ kind, hold: { reason } }) => [kind, reason])).toEqual([
      ["pin", "incident 42"],
      ["freeze", "incident 42"],
    ]);
    expect(findings.map(findingCode)).toEqual(["drift/violation"]);
  });

  it("is one also when the hold was lifted since, or by the same commit", async () => {
    const { look, tag, ports, repository } = await setting();
    await freeze({ ...hold, scope: "staging", until: undefined, request: requestId("f1") }, ports);
    tag("9.9");
    await unfreeze({ ...hold, scope: "staging", request: requestId("f2") }, ports);
    expect((await look()).result).toBe("violation");
    const other = await setting();
    await freeze({ ...hold, scope: "staging", until: undefined, request: requestId("f1") }, other.ports);
    other.repository.push("Both", [
      { path: repoPath(".glu/_freeze/staging.json"), content: undefined },
      { path: repoPath(staging), content: bytes("tag: 9.9\n") },
    ]);
    expect((await other.look()).result).toBe("violation");
    expect(repository.commits.length).toBe(5);
  });

  it("is none when the hold had ended, or came later", async () => {
    const { look, tag, ports, clock } = await setting();
    const until = timestamp(clock.time + hour);
    await freeze({ ...hold, scope: "staging", until, request: requestId("f1") }, ports);
    clock.time += 2 * hour;
    tag("9.9");
    expect((await look()).result).toBe("drifted");
    await freeze({ ...hold, scope: "all", until: undefined, request: requestId("f2") }, ports);
    expect((await look()).result).toBe("drifted");
  });

  it("is one also when the record was changed with it, so that nothing differs", async () => {
    const { look, to, tip, ports, repository } = await setting();
    const [record, file] = [".glu/web/staging.json", staging].map((path) => repository.text(path) ?? "");
    await to(a2);
    await pin({ ...pinned, request: requestId("p1") }, ports);
    const since = tip();
    repository.push("Revert it", [
      { path: repoPath(".glu/web/staging.json"), content: bytes(record ?? "") },
      { path: repoPath(staging), content: bytes(file ?? "") },
    ]);
    expect(await look({ since })).toMatchObject({
      result: "violation",
      findings: [{ kind: "document", change: "restored", past: [{ kind: "pin" }] }],
    });
  });
});

describe("a change past a freeze that the config has planned", () => {
  const block = [{ start: "2026-12-19", end: "2027-01-04", zone: "Europe/Berlin", reason: "Christmas" }];
  const window = { name: "window", options: { block, freeze: "freezes[1]" } };
  const pipeline = pipelineOf(["web"], [environment("staging", { gates: [window] })]);

  it("is a violation, and none before and after", async () => {
    const { look, tag, change, clock } = await setting({ pipeline });
    clock.time = Date.parse("2026-12-18T12:00:00Z");
    tag("9.8");
    expect((await look()).result).toBe("drifted");
    clock.time = Date.parse("2026-12-24T12:00:00Z");
    tag("9.9");
    clock.time = Date.parse("2027-01-04T12:00:00Z");
    change("README.md", "x");
    const { result, findings } = await look();
    expect(result).toBe("violation");
    expect(findings).toMatchObject([
      {
        past: [
          { kind: "scheduled", hold: { place: "freezes[1]", reason: "Christmas", until: "2027-01-03T23:00:00.000Z" } },
        ],
      },
    ]);
    expect(findings.map(describePast)).toEqual(["past the freeze of freezes[1] in the config: Christmas"]);
  });

  it("is one also when the same commit takes the freeze out of the config, or leaves one that cannot be read", async () => {
    for (const before of ["frozen", "broken"]) {
      const { look, tag, clock, ports, repository } = await setting({ pipeline });
      const last = repository.commits.length;
      const open = pipelineOf(["web"], [environment("staging")]);
      ports.loadPipeline = async ({ commit }) => {
        const at = repository.commits.findIndex(({ id }) => id === commit);
        if (before === "broken" && at < last) throw new UserError("config/syntax", "No YAML.");
        return (before === "broken") !== at < last ? pipeline : open;
      };
      clock.time = Date.parse("2026-12-24T12:00:00Z");
      tag("9.9");
      expect((await look()).result, before).toBe("violation");
    }
  });
});

it("goes on where an environment lives in a repository that cannot be read", async () => {
  const pipeline = pipelineOf(["web"], [environment("staging"), environment("far", { repository: "acme/far" })]);
  const made = world({ artifacts: [a1], pipeline });
  const far = Object.assign(Object.create(made.repository), {
    open: async () => {
      throw new OutsideError("repository/unreachable", "It does not answer.");
    },
  });
  made.ports.repositoryOf = ({ repository: where }) => (where === undefined ? made.repository : far);
  const request = { apps: [], environments: [], since: undefined, sinceIsAsked: false };
  expect(await drift(request, made.ports)).toMatchObject({
    result: "clean",
    looked: { places: 1 },
    unread: [{ app: "web", environment: "far", error: { code: "repository/unreachable" } }],
  });
});

it("names the commit that made each value what it is, whatever came before and after", async () => {
  const step = fc.constantFrom("1.1", "1.2", "7.7", "8.8", "elsewhere");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { look, tag, change, repository } = await setting();
      for (const [index, one] of steps.entries()) {
        if (one === "elsewhere") change("README.md", `${index}`);
        else tag(one, `Change ${index}`);
      }
      const { findings } = await look();
      const now = repository.text(staging);
      expect(findings.length).toBe(now?.includes("tag: 1.1\n") ? 0 : 1);
      for (const { by } of findings) {
        const at = repository.commits.findIndex(({ id }) => id === by?.commit);
        const textAt = (index: number) => {
          const file = repository.commits[index]?.files.get(repoPath(staging));
          return new TextDecoder().decode(file?.content);
        };
        expect(textAt(at)).toBe(now);
        expect(textAt(at - 1)).not.toBe(now);
      }
    }),
    { numRuns: 60 },
  );
});

describe("a proposal that was merged", () => {
  const ways = {
    "a squash that keeps the trailers": {},
    "a squash that loses them": { message: "Promote web (#1)" },
    "a merge commit": { squash: false },
  };

  async function merged(how: keyof typeof ways, more: { frozen?: boolean; told?: boolean; pinnedAt?: string } = {}) {
    const from = { mode: "all" as const, environments: [envName("staging")] };
    const environments = [environment("staging"), environment("production", { from, propose: {} })];
    const made = await setting({ pipeline: pipelineOf(["web"], environments) });
    const forge = new MemoryForge(made.repository);
    made.ports.proposing = forge;
    await promote(made.ask({ environments: ["production"], artifact: a1.id }), made.ports);
    const frozen = { ...hold, scope: "production", until: undefined, request: requestId("f") };
    if (more.frozen === true) await freeze(frozen, made.ports);
    if (more.pinnedAt !== undefined) {
      const pin = {
        schema: "glu.pin.v1",
        app: "web",
        environment: "production",
        artifact: more.pinnedAt,
        ...hold,
        at: timestamp(made.clock.time),
        request: "p",
      };
      made.change(".glu/web/production.pin.json", JSON.stringify(pin), "Pin it");
    }
    const since = made.tip();
    made.clock.time += hour;
    forge.merge(1, made.clock.now(), ways[how]);
    if (more.told === false) forge.proposals.length = 0;
    return { ...made, forge, since, look: () => made.look({ since, sinceIsAsked: true }) };
  }

  it.each(Object.keys(ways) as (keyof typeof ways)[])("by %s is nothing that was changed by hand", async (how) => {
    expect((await (await merged(how)).look()).findings).toEqual([]);
  });

  it.each(Object.keys(ways) as (keyof typeof ways)[])("past a freeze by %s is a violation", async (how) => {
    const { result, findings } = await (await merged(how, { frozen: true })).look();
    expect(result).toBe("violation");
    expect(findings).toMatchObject([{ kind: "document", document: "record", past: [{ kind: "freeze" }] }]);
  });

  it.each(["rollback", "promotion"] as const)(
    "that brings a %s past a freeze is one only where that is held to it",
    async (kind) => {
      const made = await merged("a merge commit", { frozen: true });
      const path = ".glu/web/production.json";
      const record = JSON.parse(made.repository.text(path) ?? "{}");
      record.current.kind = kind;
      const last = made.repository.commits.at(-1);
      last?.files.set(repoPath(path), {
        kind: "file",
        executable: false,
        content: bytes(JSON.stringify(record, null, 2)),
      });
      expect((await made.look()).result).toBe(kind === "rollback" ? "clean" : "violation");
    },
  );

  it("that brings what a pin holds it at is none, and one of anything else is", async () => {
    for (const artifact of [a1, a2]) {
      const made = await merged("a merge commit", { pinnedAt: artifact.id });
      expect((await made.look()).result).toBe(artifact === a1 ? "clean" : "violation");
    }
  });

  it.each(Object.keys(ways) as (keyof typeof ways)[])("past its status by %s is a violation", async (how) => {
    const made = await merged(how);
    const statuses = new MemoryStatuses();
    made.ports.statuses = statuses;
    const head = made.forge.proposals[0]?.head ?? "";
    const status = {
      context: "glu/production",
      state: "pending" as const,
      description: "approval: has none",
      url: undefined,
    };
    await statuses.of().set(head, status);
    const { result, findings } = await made.look();
    expect(result).toBe("violation");
    expect(findings.map(findingCode)).toEqual(["drift/violation"]);
    expect(findings.map(describeFinding)).toEqual(["the record was added by a proposal that was not to be merged"]);
    expect(findings.map(describePast)).toEqual([
      "past the status glu/production, which was pending: approval: has none",
    ]);
    // What a run that began before said afterwards.
    statuses.now = () => made.clock.now() + 1;
    await statuses.of().set(head, { ...status, state: "success" });
    expect((await made.look()).findings.map(findingCode)).toEqual(["drift/violation"]);
    statuses.now = () => 0;
    await statuses.of().set(head, { ...status, state: "success" });
    await statuses.of().set(head, { ...status, context: "glu/staging" });
    expect((await made.look()).findings).toEqual([]);
  });

  it.each(Object.keys(ways) as (keyof typeof ways)[])(
    "by %s is nothing where its status cannot be asked, which is said unless there is no forge",
    async (how) => {
      for (const [code, said] of [
        ["status/forbidden", 1],
        ["status/no-forge", 0],
      ] as const) {
        const made = await merged(how);
        const statuses = new MemoryStatuses();
        statuses.failure = new UserError(code, "The token may not.", { fix: "Add statuses: read." });
        made.ports.statuses = statuses;
        const notices: string[] = [];
        made.ports.logger = { ...made.ports.logger, notice: (text) => void notices.push(text) };
        expect((await made.look()).findings).toEqual([]);
        expect(notices).toHaveLength(said);
        expect(notices.join()).toMatch(
          said === 0 ? /^$/ : /web was merged into production past its status.*Add statuses/,
        );
      }
    },
  );

  describe.each(Object.keys(ways) as (keyof typeof ways)[])("that another identity proposed, by %s", (how) => {
    async function byAnother(forge?: (made: Awaited<ReturnType<typeof merged>>) => void) {
      const made = await merged(how);
      made.forge.ofOthers.add(1);
      const statuses = new MemoryStatuses();
      made.ports.statuses = statuses;
      const pending = { context: "glu/production", state: "pending", description: "no", url: undefined } as const;
      forge?.(made);
      await statuses.of().set(made.forge.proposals[0]?.head ?? "", pending);
      return (await made.look()).findings.map(describePast);
    }

    it("past its status is a violation", async () => {
      expect(await byAnother()).toEqual(["past the status glu/production, which was pending: no"]);
    });

    it.each<[string, (made: Awaited<ReturnType<typeof merged>>) => void]>([
      ["that has only its marker", ({ forge }) => Object.assign(forge.proposals[0] ?? {}, { head: "f".repeat(40) })],
      [
        "whose commit somebody amended",
        ({ repository }) => {
          const ref = "refs/pull/1/head" as RefName;
          const at = repository.kept.get(ref);
          if (at !== undefined) repository.kept.set(ref, { ...at, message: `${at.message}More\n` });
        },
      ],
    ])("%s is not taken for one", async (_what, forge) => {
      const past = await byAnother(forge);
      expect(past.join()).not.toContain("status");
      // Without trailers on the branch nobody knows how the record came.
      expect(past).toHaveLength(how === "a squash that loses them" ? 1 : 0);
    });
  });

  it("by a merge commit needs no forge: a job token of GitLab may not ask it", async () => {
    expect((await (await merged("a merge commit", { told: false })).look()).findings).toEqual([]);
  });

  it("as a set, by a squash that loses the trailers, is nothing that was changed by hand", async () => {
    const apps = ["web", "api"];
    const environments = [environment("staging"), environment("production", { propose: {} })];
    const made = await setting({
      apps,
      pipeline: pipelineOf(apps, environments),
      artifacts: [a1, artifactOf("api", 1)],
    });
    const forge = new MemoryForge(made.repository);
    made.ports.proposing = forge;
    await promote(made.ask({ apps, environments: ["production"], artifact: "latest", set: true }), made.ports);
    const since = made.tip();
    forge.merge(1, made.clock.now(), { message: "Promote both (#1)" });
    expect(made.repository.text(".glu/api/production.json")).toContain('"releasedAt": null');
    expect((await made.look({ since, sinceIsAsked: true })).findings).toEqual([]);
  });

  it("that neither Git nor a forge knows is told: anybody can write a record without a time", async () => {
    const { look } = await merged("a squash that loses them", { told: false });
    expect((await look()).findings).toMatchObject([
      { kind: "document", document: "record", environment: "production" },
    ]);
  });

  it("and whose time was written down later is nothing either", async () => {
    const made = await merged("a merge commit");
    made.clock.time += hour;
    await reconcile({ ...made.ask({ apps: [] }), requestOf: (name) => requestId(`look-${name}`) }, made.ports);
    expect(JSON.parse(made.repository.text(".glu/web/production.json") ?? "{}").current.releasedAt).not.toBeNull();
    expect((await made.look()).findings).toEqual([]);
  });
});
