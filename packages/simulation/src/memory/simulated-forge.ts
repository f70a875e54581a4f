import {
  type Change,
  type ConfigRepository,
  type PromoteResult,
  type Proposal,
  type ProposalPlace,
  type Proposals,
  type ProposalText,
  type Proposing,
  promotionTitle,
  readMarker,
  type Snapshot,
  timestamp,
  UserError,
} from "@glu/core";
import type { FakeClock } from "./fake-clock.ts";
import type { MemoryRepository } from "./memory-repository.ts";

interface Opened extends Proposal, ProposalPlace, ProposalText {
  repository: ConfigRepository;
}

/** Pull requests of a simulation: runs open them, and people merge and close them. */
export class SimulatedForge implements Proposing {
  readonly #proposals: Opened[] = [];
  readonly #held: (repository: ConfigRepository) => MemoryRepository;
  readonly #clock: FakeClock;

  /** @param held what an opened repository lies in */
  constructor(held: (repository: ConfigRepository) => MemoryRepository, clock: FakeClock) {
    this.#held = held;
    this.#clock = clock;
  }

  of(repository: ConfigRepository): Proposals {
    const headOf = ({ branch }: ProposalPlace) => this.#held(repository).proposals.commit(branch);
    const isOf = (one: Opened, { branch, base }: ProposalPlace) =>
      one.repository.location === repository.location && one.branch === branch && one.base === base;
    const seen = (one: Opened): Proposal => ({ ...one, head: one.state === "open" ? headOf(one) : one.head });
    return {
      of: async (place) =>
        this.#proposals
          .filter((one) => isOf(one, place))
          .toReversed()
          .map(seen),
      others: async ({ branch, base }) =>
        this.#proposals
          .filter((one) => one.state === "open" && one.base !== base && isOf(one, { branch, base: one.base }))
          .map((one) => ({ ...one, own: true, by: undefined })),
      // There is one identity.
      mergedByOthers: async () => [],
      open: async (place, text) => {
        const open = this.#proposals.find((one) => one.state === "open" && isOf(one, place));
        if (open !== undefined) return seen(Object.assign(open, text));
        const number = this.#proposals.length + 1;
        const url = `https://forge.invalid/${number}`;
        const made = { ...place, ...text, repository, number, url, state: "open", head: undefined } as const;
        this.#proposals.push({ ...made, mergedAt: undefined });
        return seen({ ...made, mergedAt: undefined });
      },
      update: async (number, text) => void Object.assign(this.#numbered(number), text),
      close: async (number, _why, body) =>
        void Object.assign(this.#numbered(number), { state: "closed", ...(body === undefined ? {} : { body }) }),
      // Nothing is required here.
      setAutoMerge: async (_number, on) => !on,
    };
  }

  async text({ decisions }: PromoteResult): Promise<ProposalText> {
    return { title: promotionTitle(decisions.map(({ intent }) => intent)), body: "" };
  }

  /**
   * Somebody merges the proposal that is open for an app in an environment, squashed, with the message of its commit.
   * @throws UserError `simulation/no-proposal`, `simulation/conflict`
   */
  async merge(app: string, environment: string): Promise<void> {
    const proposal = this.#open(app, environment);
    const { repository, branch, base, number } = proposal;
    const held = this.#held(repository);
    const head = held.proposals.commit(branch);
    const brought = held.proposals.brought(branch);
    if (brought === undefined) throw noProposal(app, environment);
    const path = await changedSince(brought, await repository.open());
    if (path !== undefined) {
      throw new UserError(
        "simulation/conflict",
        `#${number} cannot be merged: ${path} was changed after it was written.`,
        {
          seen: path,
          fix: "Let a run take place before: it writes the proposal again.",
        },
      );
    }
    const message = held.proposals.message(branch) ?? "";
    held.squash(
      base,
      branch,
      message.replace(/^.*/, (subject) => `${subject} (#${number})`),
    );
    Object.assign(proposal, { state: "merged", head, mergedAt: timestamp(this.#clock.now()) });
  }

  /** Somebody closes it. @throws UserError `simulation/no-proposal` */
  close(app: string, environment: string): void {
    this.#open(app, environment).state = "closed";
  }

  #open(app: string, environment: string): Opened {
    const found = this.#proposals.findLast(({ state, body }) => {
      const marker = state === "open" ? readMarker(body) : undefined;
      return marker?.environment === environment && marker.artifacts[app] !== undefined;
    });
    if (found === undefined) throw noProposal(app, environment);
    return found;
  }

  #numbered(number: number): Opened {
    const found = this.#proposals.find((one) => one.number === number);
    if (found === undefined) throw new Error(`There is no #${number}.`);
    return found;
  }
}

/** A file that is not what it was when the proposal was written. */
async function changedSince(
  { onto, changes }: { onto: Snapshot; changes: readonly Change[] },
  tip: Snapshot,
): Promise<string | undefined> {
  const paths = changes.map(({ path }) => path);
  const [before, now] = await Promise.all([onto.read(paths), tip.read(paths)]);
  const text = (files: typeof now, path: (typeof paths)[number]) => {
    const file = files.get(path);
    return file && Buffer.from(file.content).toString("base64");
  };
  return paths.find((path) => text(before, path) !== text(now, path));
}

const noProposal = (app: string, environment: string) =>
  new UserError("simulation/no-proposal", `Nothing is proposed for ${app} in ${environment} at that time.`, {
    seen: `${environment}/${app}`,
    fix: "Give the environment 'propose', and let a run propose something before.",
  });
