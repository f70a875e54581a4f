import {
  type Actors,
  type Approvals,
  type Checks,
  type Comments,
  type Deployment,
  type Deployments,
  type PreviewDeployment,
  type PreviewDeployments,
  type ProposalPlace,
  type ProposalSettings,
  type Proposals,
  type Pulls,
  refName,
  type Statuses,
  timestamp,
  UserError,
} from "@glu/core";
import { type FaultSubject, staleFetch } from "@glu/testing/internal";
import { expect } from "vitest";
import { createActors } from "../src/actors/create-actors.ts";
import { createApprovals } from "../src/approvals/create-approvals.ts";
import type { Asking, OwnRun } from "../src/asking.ts";
import { createChecks } from "../src/checks/create-checks.ts";
import { createComments } from "../src/comments/create-comments.ts";
import { createDeployments } from "../src/deployments/create-deployments.ts";
import { createPreviewDeployments } from "../src/deployments/create-preview-deployments.ts";
import { createProposals } from "../src/proposals/create-proposals.ts";
import { createPulls } from "../src/pulls/create-pulls.ts";
import { createStatuses } from "../src/statuses/create-statuses.ts";

/** All that a forge tells or is told, beside workflows, requests and releases (`faults.test.ts`). */
export interface Ports {
  proposals: Proposals;
  statuses: Statuses;
  comments: Comments;
  deployments: Deployments;
  previewDeployments: PreviewDeployments;
  checks: Checks;
  approvals: Approvals;
  actors: Actors;
  pulls: Pulls;
}

/** A proposal as people see it. */
export interface SeenProposal {
  state: string;
  title: string;
  labels: readonly string[];
  reviewers: readonly string[];
  assignees: readonly string[];
  comments: readonly string[];
  autoMerge: boolean;
}

/**
 * A forge with one repository, where auto-merge is on and something is required, and the people there: ada started the
 * run, and is in the team `acme/ops`.
 */
export interface FaultWorld extends AsyncDisposable {
  asking: Asking & { webUrl: string; token: string };
  run: OwnRun;
  /** A branch with a commit that `main` does not have. */
  branch(): Promise<ProposalPlace>;
  proposed(place: ProposalPlace): Promise<SeenProposal[]>;
  /** A commit that CI has passed, on top of the one before; on no branch that something is proposed for. */
  commit(): Promise<string>;
  /** Ada opens a pull request, which bob approves. */
  change(): Promise<{ number: number; head: string }>;
  /** @returns the commit that came of it */
  merge(number: number): Promise<string>;
  /** States of the status `glu/production` that the forge has kept. */
  statuses(commit: string): Promise<string[]>;
  /** Of each deployment of a commit its state. */
  deployments(commit: string): Promise<string[]>;
  /** First lines. */
  comments(number: number): Promise<string[]>;
  /** Puts a proposal into a merge queue; undefined: there is none. */
  queue?(number: number): Promise<void>;
  /** What was asked of the server since the last time, by route. */
  heard(): string[];
}

type Scenario = (world: FaultWorld) => Promise<FaultSubject>;

/** A port that a new run has: it has not asked anything yet. */
export const portsOf = ({ asking: given, run }: FaultWorld, fetch: typeof globalThis.fetch): Ports => {
  const asking = { ...given, fetch };
  return {
    proposals: createProposals(asking),
    statuses: createStatuses(asking),
    comments: createComments(asking),
    deployments: createDeployments(asking),
    previewDeployments: createPreviewDeployments(asking),
    checks: createChecks(asking, run),
    approvals: createApprovals(asking, run),
    actors: createActors(asking, run),
    pulls: createPulls(asking),
  };
};

/** What is only asked is told as it is, or not at all. @param prepare what it is asked of: once for a world */
function asks<T>(
  prepare: (world: FaultWorld) => Promise<T>,
  ask: (ports: Ports, given: T) => Promise<unknown>,
  expected: unknown,
): Scenario {
  const prepared = new WeakMap<FaultWorld, Promise<{ given: T; truth: unknown }>>();
  const look = async (world: FaultWorld) => {
    const given = await prepare(world);
    const truth = await ask(portsOf(world, fetch), given);
    expect(truth).toMatchObject(expected as object);
    return { given, truth };
  };
  return async (world) => {
    const looked = prepared.get(world) ?? look(world);
    prepared.set(world, looked);
    const { given, truth } = await looked;
    let said: unknown;
    return {
      run: async (by) => {
        said = undefined;
        said = await ask(portsOf(world, by), given);
      },
      expectWhole: () => expect(said).toEqual(truth),
      expectSafe: () => expect(said).toBeUndefined(),
    };
  };
}

const marker = "\n\n<!-- glu:proposal {} -->\n";
const text = { title: "Promote web", body: `The plan.${marker}` };
const newer = { title: "Promote web: newer", body: `The newer plan.${marker}` };
const plain: ProposalSettings = { draft: false, labels: [], reviewers: [], assignees: [] };
const dressed: ProposalSettings = { draft: false, labels: ["release"], reviewers: ["ada"], assignees: ["ada"] };
const why = "Replaced by a newer one.";

const opened = async (world: FaultWorld) => {
  const place = await world.branch();
  const { number } = await portsOf(world, fetch).proposals.open(place, text, plain);
  return { place, number };
};

/** A proposal that is there, and what a run does with it. */
const onOpen =
  (act: (proposals: Proposals, number: number) => Promise<unknown>, whole: object, before?: typeof act): Scenario =>
  async (world) => {
    const { place, number } = await opened(world);
    await before?.(portsOf(world, fetch).proposals, number);
    return {
      run: (by) => act(portsOf(world, by).proposals, number),
      expectWhole: async () => expect(await world.proposed(place)).toMatchObject([whole]),
      expectSafe: async () => expect((await world.proposed(place)).length).toBe(1),
    };
  };

const switched = (on: boolean) => async (proposals: Proposals, number: number) => {
  if (await proposals.setAutoMerge(number, on)) return;
  // A notice says why.
  throw new UserError("proposal/auto-merge", "It is not switched.", { fix: "Look at the notice." });
};

const deployment = (commit: string, state: Deployment["state"]): Deployment => ({
  of: { request: commit, app: "web", environment: "production" },
  // Each has one of its own, which is not there yet.
  environment: `production/${commit.slice(0, 8)}`,
  tier: "production",
  isTransient: false,
  commit,
  ref: { name: "main", isTag: false },
  description: "v1.2.0",
  facts: {},
  state,
  page: "https://web.example.org",
  log: undefined,
});
const told =
  (before?: Deployment["state"]) =>
  async (world: FaultWorld): Promise<FaultSubject> => {
    const commit = await world.commit();
    if (before !== undefined) {
      const other = { ...deployment(commit, before), page: "https://old.example.org" };
      await portsOf(world, fetch).deployments.tell(other);
    }
    return {
      run: (by) => portsOf(world, by).deployments.tell(deployment(commit, "success")),
      // Who is not shown it yet makes another, by which the first is inactive.
      expectWhole: async () =>
        expect((await world.deployments(commit)).filter((state) => state !== "inactive")).toEqual(["success"]),
      expectSafe: async () => expect((await world.deployments(commit)).length).toBeLessThanOrEqual(1),
    };
  };

/** Each has a task of its own. @param over it goes, else it is there */
const shown =
  ({ before, over = false }: { before?: PreviewDeployment["state"]; over?: boolean } = {}) =>
  async (world: FaultWorld): Promise<FaultSubject> => {
    const commit = await world.commit();
    const settle = (by: typeof fetch, state: PreviewDeployment["state"] | undefined) => {
      const more = { isChecked: true, description: "Preview", page: "https://web.example.org", log: undefined };
      const current = state && { commit, state, ...more };
      return portsOf(world, by).previewDeployments.settle(`preview:${commit.slice(0, 8)}:pr-1`, current);
    };
    if (before !== undefined) await settle(fetch, before);
    return {
      run: (by) => settle(by, over ? undefined : "success"),
      expectWhole: async () =>
        expect((await world.deployments(commit)).filter((state) => state !== "inactive")).toEqual(
          over ? [] : ["success"],
        ),
      expectSafe: async () => expect((await world.deployments(commit)).length).toBeLessThanOrEqual(1),
    };
  };

const said =
  (before?: string) =>
  async (world: FaultWorld): Promise<FaultSubject> => {
    const { number } = await world.change();
    const write = (by: typeof fetch, body: string) => portsOf(world, by).comments.write(number, "where", () => body);
    if (before !== undefined) await write(fetch, before);
    return {
      run: (by) => write(by, "Here."),
      expectWhole: async () => expect(await world.comments(number)).toEqual(["Here."]),
      expectSafe: async () => expect((await world.comments(number)).length).toBeLessThanOrEqual(1),
    };
  };

const success = { context: "glu/production", state: "success", description: "Fine", url: undefined } as const;

/** A commit with a status. */
async function marked(world: FaultWorld): Promise<string> {
  const commit = await world.commit();
  await portsOf(world, fetch).statuses.set(commit, success);
  return commit;
}

/** Two that were made at the same moment: neither run saw the comment of the other. */
const saidTwice = async (world: FaultWorld): Promise<FaultSubject> => {
  const { number } = await world.change();
  const write = (by: typeof fetch, body: string) => portsOf(world, by).comments.write(number, "where", () => body);
  const behind = staleFetch();
  await write(behind, "Here.");
  await write(behind, "There.");
  expect(await world.comments(number)).toEqual(["Here.", "There."]);
  return {
    run: (by) => write(by, "Everywhere."),
    expectWhole: async () => expect(await world.comments(number)).toEqual(["Everywhere."]),
    expectSafe: async () => expect((await world.comments(number)).length).toBeLessThanOrEqual(2),
  };
};

const never = new AbortController().signal;
const nothing = async () => undefined;
/** Once for a world: these are only read. */
const merged = new WeakMap<FaultWorld, Promise<{ number: number; commit: string }>>();
async function mergedOf(world: FaultWorld): Promise<{ repository: string; number: number; commit: string }> {
  const known =
    merged.get(world) ?? world.change().then(async ({ number }) => ({ number, commit: await world.merge(number) }));
  merged.set(world, known);
  return { ...of(world), ...(await known) };
}
const of = ({ asking: { repository } }: FaultWorld) => ({ repository });

/** Each call of each port: the compiler wants all of them. */
export const scenarios: { [P in keyof Ports]: Record<keyof Ports[P], Readonly<Record<string, Scenario>>> } = {
  proposals: {
    of: { "": asks(opened, ({ proposals }, { place }) => proposals.of(place), [{ state: "open" }]) },
    others: {
      "": asks(opened, ({ proposals }, { place }) => proposals.others({ ...place, base: refName("elsewhere") }), [
        { base: "refs/heads/main", own: true },
      ]),
    },
    mergedByOthers: { "": asks(opened, ({ proposals }, { place }) => proposals.mergedByOthers(place), []) },
    open: {
      "": async (world) => {
        const place = await world.branch();
        return {
          // As a run does it: what is open and finished stands, else it is opened.
          run: async (by) => {
            const { proposals } = portsOf(world, by);
            const open = (await proposals.of(place)).find(({ state }) => state === "open");
            if (open?.body.includes("glu:proposal")) await proposals.update(open.number, text);
            else await proposals.open(place, text, dressed);
          },
          expectWhole: async () => {
            const whole = {
              state: "open",
              title: text.title,
              labels: ["release"],
              reviewers: ["ada"],
              assignees: ["ada"],
            };
            expect(await world.proposed(place)).toMatchObject([whole]);
          },
          expectSafe: async () => expect((await world.proposed(place)).length).toBeLessThanOrEqual(1),
        };
      },
    },
    update: { "": onOpen((proposals, number) => proposals.update(number, newer), { title: newer.title }) },
    close: {
      "": onOpen((proposals, number) => proposals.close(number, why), { state: "closed", comments: [why] }),
    },
    setAutoMerge: {
      on: onOpen(switched(true), { state: "open", autoMerge: true }),
      off: onOpen(switched(false), { state: "open", autoMerge: false }, switched(true)),
      queued: async (world) => {
        const { place, number } = await opened(world);
        await world.queue?.(number);
        return {
          run: (by) => switched(false)(portsOf(world, by).proposals, number),
          expectWhole: async () =>
            expect(await world.proposed(place)).toMatchObject([{ state: "open", autoMerge: false }]),
        };
      },
    },
  },
  statuses: {
    set: {
      "": async (world) => {
        const commit = await world.commit();
        // Who is not shown it yet sets it again, which says the same: the last one of a context counts.
        let most = 1;
        return {
          run: (by) => {
            if ("fresh" in by) most = 2;
            return portsOf(world, by).statuses.set(commit, success);
          },
          expectWhole: async () => {
            const found = await world.statuses(commit);
            expect([...new Set(found)]).toEqual(["success"]);
            expect(found.length).toBeLessThanOrEqual(most);
          },
          expectSafe: async () => expect((await world.statuses(commit)).length).toBeLessThanOrEqual(most),
        };
      },
    },
    read: {
      "": asks(marked, ({ statuses }, commit) => statuses.read(commit, success.context), { state: "success" }),
      before: asks(
        marked,
        async ({ statuses }, commit) => statuses.read(commit, success.context, timestamp(Date.now() + 60_000)),
        { state: "success" },
      ),
    },
  },
  comments: {
    pullsOf: {
      "": asks(mergedOf, ({ comments }, { commit }) => comments.pullsOf(commit), [{ mergedAt: expect.any(String) }]),
    },
    between: {
      "": asks(
        async (world) => [await world.commit(), await world.commit()] as const,
        ({ comments }, [from, to]) => comments.between(from, to),
        { total: 1 },
      ),
    },
    write: { first: said(), again: said("Before."), twice: saidTwice },
  },
  deployments: { tell: { first: told(), again: told("in-progress") } },
  previewDeployments: {
    settle: {
      first: shown(),
      again: shown({ before: "in-progress" }),
      over: shown({ before: "success", over: true }),
    },
  },
  checks: {
    of: {
      "": asks(
        async (world) => ({ ...of(world), commit: await world.commit() }),
        ({ checks }, commit) => checks.of(commit, never),
        [{ name: "ci", state: "succeeded" }],
      ),
    },
  },
  approvals: {
    ofProposal: {
      "": asks(
        async (world) => ({ ...of(world), ...(await world.change()) }),
        ({ approvals }, one) => approvals.ofProposal(one, never),
        { verdicts: [{ by: "bob", said: "approved" }] },
      ),
    },
    ofSource: {
      "": asks(mergedOf, ({ approvals }, commit) => approvals.ofSource(commit, never), {
        verdicts: [{ by: "bob", said: "approved" }],
      }),
    },
    ofRun: {
      "": asks(nothing, ({ approvals }) => approvals.ofRun("production", never), {
        verdicts: [{ by: "bob", said: "approved" }],
      }),
    },
    authors: {
      "": asks(mergedOf, ({ approvals }, commit) => approvals.authors(commit, never), {
        people: expect.arrayContaining(["ada"]),
      }),
    },
  },
  actors: {
    startedBy: { "": asks(nothing, ({ actors }) => actors.startedBy(never), { name: "ada", verified: true }) },
    self: { "": asks(nothing, async ({ actors }) => ({ name: await actors.self() }), { name: expect.any(String) }) },
    isIn: {
      member: asks(nothing, async ({ actors }) => [await actors.isIn("acme/ops", "ada", never)], [true]),
      stranger: asks(nothing, async ({ actors }) => [await actors.isIn("acme/ops", "bob", never)], [false]),
    },
  },
  pulls: {
    find: {
      open: asks(
        (world) => world.change(),
        ({ pulls }, { number }) => pulls.find(number),
        { isOpen: true, author: "ada", fromFork: false },
      ),
      closed: asks(mergedOf, ({ pulls }, { number }) => pulls.find(number), {
        isOpen: false,
        closedAt: expect.any(Number),
      }),
      none: asks(nothing, async ({ pulls }) => [await pulls.find(4711)], [undefined]),
    },
    open: {
      "": asks(
        (world) => world.change(),
        ({ pulls }) => pulls.open(),
        { pulls: expect.arrayContaining([expect.objectContaining({ isOpen: true, author: "ada" })]), complete: true },
      ),
    },
  },
};
