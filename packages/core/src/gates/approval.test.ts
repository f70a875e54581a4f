import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { timestamp } from "../model/names.ts";
import type { Approvals, Authors, ReviewVerdict, Verdicts } from "../ports/approvals.ts";
import { type Looking, looked } from "../test-kit/looking.ts";
import { artifactOf, environment, start } from "../test-kit/memory.ts";
import { approval } from "./approval.ts";

const approved = (by: string, more: Partial<ReviewVerdict> = {}): ReviewVerdict => ({
  by,
  said: "approved",
  current: true,
  ...more,
});
const rejected = (by: string): ReviewVerdict => ({ by, said: "rejected", current: false });
const made = Date.parse(artifactOf("web", 3).created);

interface Forge {
  run?: readonly ReviewVerdict[];
  startedBy?: readonly string[];
  startedAt?: number;
  runId?: string;
  source?: readonly ReviewVerdict[];
  proposal?: readonly ReviewVerdict[];
  authors?: Partial<Authors>;
  teams?: Record<string, readonly string[]>;
}

/** A forge where grace wrote what is promoted. */
function forge({ teams = {}, ...has }: Forge) {
  const asked: string[] = [];
  const page = (verdicts: readonly ReviewVerdict[] = []): Verdicts => ({ verdicts, url: "https://forge.example/1" });
  const approvals: Approvals = {
    ofProposal: async ({ repository, number, head }) => {
      asked.push(`proposal ${repository}#${number} ${head}`);
      return page(has.proposal);
    },
    ofSource: async ({ repository }) => {
      asked.push(`source ${repository}`);
      return has.source === undefined ? undefined : page(has.source);
    },
    ofRun: async (name) => {
      asked.push(`run ${name}`);
      const startedAt = timestamp(has.startedAt ?? start);
      return { ...page(has.run), startedBy: has.startedBy ?? [], startedAt, id: has.runId ?? "77" };
    },
    authors: async () => ({ people: ["grace"], unknown: undefined, ...has.authors }),
  };
  const team = async (name: string, user: string) => {
    const members = teams[name];
    if (members === undefined) throw new OutsideError("team/not-found", `There is no team ${name}.`);
    return members.includes(user);
  };
  return { outside: { approvals, actors: { isIn: team } }, asked };
}

const said = (options: unknown, has: Forge, looking: Looking = {}) =>
  looked(approval, options, { actor: { name: "starter", verified: true }, ...looking, outside: forge(has).outside });

const two = { count: 2, users: ["ada", "bob", "grace"], teams: ["acme/releasers"] };
const teams = { "acme/releasers": ["carol"] };
const propose = { propose: {} };
const proposal = { number: 7, url: "https://forge.example/pull/7", head: "abc" };

describe("an approval", () => {
  it("is met by as many of those who may as are wanted, named or of a team, in whatever case", async () => {
    expect(await said(two, { run: [approved("Ada"), approved("carol")], teams })).toMatchObject({
      met: true,
      seen: "was approved by Ada, carol",
      url: "https://forge.example/1",
    });
  });

  it("says who has approved, how many are missing, who may still, and where", async () => {
    expect(await said(two, { run: [approved("ada"), approved("stranger")], teams })).toMatchObject({
      met: false,
      outcome: "held",
      code: "approval/missing",
      seen: "has 1 of 2 approvals (ada)",
      clearedBy: "1 more of bob or a member of acme/releasers on https://forge.example/1",
      url: "https://forge.example/1",
      since: expect.any(String),
    });
    expect((await said(two, { teams })).seen).toBe("has no approval of 2");
  });

  it("counts nobody twice, on whatever ways", async () => {
    const has = { run: [approved("ada")], source: [approved("ADA")], teams };
    expect(await said({ ...two, by: ["environment", "source"] }, has)).toMatchObject({ met: false });
    const other = { run: [approved("ada")], source: [approved("bob")], teams };
    expect(await said({ ...two, by: ["environment", "source"] }, other)).toMatchObject({ met: true });
  });

  it.each([
    ["wrote or opened the source change", { authors: { people: ["Ada"] } }, {}, true],
    ["started the run", { startedBy: ["ADA"] }, {}, true],
    ["asked for it by name", {}, { actor: { name: "ada", verified: false } }, true],
    ["set it off without asking for it", {}, { actor: { name: "ada", verified: true }, explicit: false }, false],
  ] as const)("by who %s: left out", async (_, has, looking, isLeftOut) => {
    const seen = await said({ users: ["ada", "bob"] }, { run: [approved("ada")], ...has }, looking);
    expect(seen.met).toBe(!isLeftOut);
    if (isLeftOut) expect(seen.seen).toBe("has no approval of 1; ada made or started it");
  });

  it("of nobody counts where the forge cannot say who wrote it", async () => {
    const has = {
      run: [approved("ada")],
      authors: { unknown: "1234567 came by no merged pull request, and is not signed" },
    };
    expect(await said({ users: ["ada"] }, has)).toMatchObject({
      met: false,
      code: "approval/unknown-author",
      seen: "1234567 came by no merged pull request, and is not signed, so nobody can be told from its author",
    });
  });

  it("does not help against a rejection by who may approve, and a rejection by others is none", async () => {
    const against = { source: [approved("ada"), approved("carol"), rejected("bob")], teams };
    expect(await said({ ...two, by: "source" }, against)).toMatchObject({
      code: "approval/rejected",
      seen: "was rejected by bob",
      clearedBy: "bob, by approving it or taking that back",
    });
    const stranger = { source: [approved("ada"), approved("carol"), rejected("mallory")], teams };
    expect(await said({ ...two, by: "source" }, stranger)).toMatchObject({ met: true });
    // An author may stop it, too.
    expect(
      await said({ users: ["ada", "grace"], by: "source" }, { source: [approved("ada"), rejected("grace")] }),
    ).toMatchObject({ code: "approval/rejected" });
  });

  it("of what has changed since does not count", async () => {
    const has = { proposal: [approved("ada", { current: false })] };
    expect(await said({ users: ["ada"] }, has, { at: propose, proposal })).toMatchObject({
      met: false,
      seen: "has no approval of 1; ada approved what has changed since",
    });
  });

  it("of a run counts for what was there before, or is that run's own", async () => {
    const users = { users: ["ada"] };
    const run = [approved("ada")];
    expect(await said(users, { run, startedAt: made })).toMatchObject({ met: true });
    expect(await said(users, { run, startedAt: made - 1 })).toMatchObject({
      met: false,
      seen: "has no approval of 1; ada approved the run before the artifact was made",
    });
    expect(await said(users, { run, startedAt: made - 1, runId: "3" })).toMatchObject({ met: true });
    const later = [approved("ada", { at: timestamp(made + 1) })];
    expect(await said(users, { run: later, startedAt: made - 1 })).toMatchObject({ met: true });
  });

  it("is asked of the forge's environment of the same name, or of another one", async () => {
    for (const [more, name] of [
      [{}, "staging"],
      [{ environment: "prod-eu" }, "prod-eu"],
    ] as const) {
      const { outside, asked } = forge({ run: [approved("ada")] });
      await looked(approval, { users: ["ada"], ...more }, { outside, actor: { name: "starter", verified: true } });
      expect(asked).toEqual([`run ${name}`]);
    }
  });

  it("of a proposal is asked for when it is there: opening it waits for nobody", async () => {
    const { outside, asked } = forge({ proposal: [approved("ada")] });
    const looking = { outside, at: propose, actor: { name: "ada", verified: true } };
    expect(await looked(approval, { users: ["ada"] }, { ...looking, proposal: "opening" })).toMatchObject({
      met: true,
      seen: "is asked for on the proposal, which may not be merged before",
    });
    expect(asked).toEqual([]);
    // Whoever looks at it again is not who asked for it.
    expect(await looked(approval, { users: ["ada"] }, { ...looking, proposal })).toMatchObject({
      met: true,
      url: proposal.url,
    });
    expect(asked).toEqual(["proposal acme/config#7 abc"]);
    const again = { ...looking, proposal: { ...proposal, askedBy: "Ada" } };
    expect(await looked(approval, { users: ["ada"] }, again)).toMatchObject({ met: false });
    for (const unknown of [{ ...proposal, head: undefined }, undefined]) {
      const seen = await looked(approval, { users: ["ada"] }, { ...looking, proposal: unknown });
      expect(seen).toMatchObject({ met: false, code: "approval/missing" });
    }
  });

  it("is not there where no pull request brought the commit", async () => {
    expect(await said({ users: ["ada"], by: "source" }, {})).toMatchObject({ met: false, code: "approval/missing" });
  });

  it("holds where a team cannot be asked, unless enough are named", async () => {
    const has = { run: [approved("ada"), approved("carol")] };
    expect(await said(two, has)).toMatchObject({ met: false, outcome: "held", code: "team/not-found" });
    expect(await said(two, { run: [approved("ada"), approved("bob")] })).toMatchObject({ met: true });
  });

  it("is asked for in other ways where the run has none, and holds where that is the only one", async () => {
    const { outside } = forge({ source: [approved("ada")] });
    outside.approvals.ofRun = async () => {
      throw new OutsideError("approval/no-run", "The job deploys nothing to staging.", { fix: "environment: staging" });
    };
    const looking = { outside, actor: { name: "starter", verified: true } };
    expect(await looked(approval, { users: ["ada"], by: ["environment", "source"] }, looking)).toMatchObject({
      met: true,
    });
    expect(await looked(approval, { users: ["ada"] }, looking)).toMatchObject({ met: false, code: "approval/no-run" });
  });

  it("says that other people are needed where all who are named made it", async () => {
    expect((await said({ users: ["grace"] }, {})).clearedBy).toContain("other people");
  });

  it.each([
    [{}],
    [{ count: 2 }],
    [{ users: ["ada"], count: 2 }],
    [{ users: ["ada", "ADA"], count: 2 }],
    [{ users: ["ada"], count: 0 }],
    [{ users: ["@ada"] }],
    [{ users: ["ada"], by: "mail" }],
  ])("cannot be asked for with %j", (options) => {
    expect(approval.options?.safeParse(options).success).toBe(false);
  });

  it.each([
    [{ users: ["ada"], by: "proposal" as const }, {}, ["error"]],
    [{ users: ["ada"], by: "source" as const, environment: "x" }, {}, ["error"]],
    [{ users: ["ada"], by: "environment" as const }, propose, ["note"]],
    [{ users: ["ada"] }, propose, []],
    [{ users: ["ada"] }, {}, []],
  ])("with %j where there is %j is told to be wrong: %j", async (options, more, levels) => {
    const where = { environment: environment("staging", more), now: start, text: async () => undefined };
    expect((await approval.faultsIn?.(options, where))?.map(({ level }) => level)).toEqual(levels);
  });
});
