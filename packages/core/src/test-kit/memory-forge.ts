import { type RefName, timestamp } from "../model/names.ts";
import type { Proposal, ProposalPlace, Proposals, ProposalText } from "../ports/proposals.ts";
import type { Proposing } from "../promote/options.ts";
import type { MemoryRepository } from "./memory-repository.ts";

/** Where it keeps what was proposed. */
const refOf = (number: number): RefName => `refs/pull/${number}/head` as RefName;

/** A forge in memory beside a repository in memory: its proposals are merged and closed as people do. */
export class MemoryForge implements Proposing {
  readonly proposals: (Proposal & ProposalPlace & ProposalText)[] = [];
  /** Open ones that others opened. */
  readonly foreign: (ProposalPlace & { number: number; url: string; body: string; by: string })[] = [];
  /** Those that another identity opened. */
  readonly ofOthers = new Set<number>();
  readonly comments: string[] = [];
  /** The labels of each time that one was opened, also where it was there. */
  readonly labels: (readonly string[])[] = [];
  /** Whether something must be met before one is merged. */
  requires = true;
  /** Those that it merges by itself. */
  readonly autoMerge = new Set<number>();
  readonly #repository: MemoryRepository;

  constructor(repository: MemoryRepository) {
    this.#repository = repository;
  }

  of(): Proposals {
    return {
      of: async ({ branch, base }) =>
        this.proposals
          .filter((one) => one.branch === branch && one.base === base && !this.ofOthers.has(one.number))
          .toReversed(),
      mergedByOthers: async ({ branch, base }) =>
        this.proposals
          .filter((one) => one.branch === branch && one.base === base && this.ofOthers.has(one.number))
          .filter(({ state }) => state === "merged")
          .map((one) => ({ ...one, ref: refOf(one.number) })),
      others: async ({ branch, base }) => {
        const mine = this.proposals.filter((one) => one.state === "open" && one.branch === branch && one.base !== base);
        const foreign = this.foreign.filter((one) => one.branch === branch);
        return [
          ...mine.map((one) => ({ ...one, own: true, by: "glu" })),
          ...foreign.map((one) => ({ ...one, own: false })),
        ];
      },
      open: async (place, text, { labels }) => {
        this.labels.push(labels);
        const there = this.proposals.find(
          (one) => one.state === "open" && one.branch === place.branch && one.base === place.base,
        );
        if (there !== undefined) return Object.assign(there, text);
        const number = this.proposals.length + 1;
        const head = this.#repository.proposed.get(place.branch)?.commit;
        const proposal = {
          ...place,
          ...text,
          number,
          url: `https://forge.test/${number}`,
          state: "open" as const,
          head,
        };
        this.proposals.push({ ...proposal, mergedAt: undefined });
        return { ...proposal, mergedAt: undefined };
      },
      update: async (number, text) => void Object.assign(this.#open(number), text),
      close: async (number, why, body) => {
        this.comments.push(why);
        Object.assign(this.#open(number), { state: "closed", ...(body === undefined ? {} : { body }) });
      },
      setAutoMerge: async (number, on) => {
        this.#open(number);
        if (!this.requires) return !on;
        if (on) this.autoMerge.add(number);
        else this.autoMerge.delete(number);
        return true;
      },
    };
  }

  async text({ decisions }: Parameters<Proposing["text"]>[0]): Promise<ProposalText> {
    return { title: decisions.map(({ intent: { app } }) => app).join(", "), body: "The plan." };
  }

  /**
   * As somebody who presses the button; the commit is a squash of what the branch holds, with its message unless given, or
   * a merge. The branch is removed, unless it is kept.
   */
  merge(number: number, now: number, how: { message?: string; keep?: boolean; squash?: boolean } = {}): void {
    const { message, keep = false, squash = true } = how;
    const proposal = this.#open(number);
    const branch = this.#repository.proposed.get(proposal.branch);
    if (branch === undefined) throw new Error("The branch is gone.");
    if (squash) this.#repository.push(message ?? `${proposal.title} (#${number})\n\n${branch.message}`, branch.changes);
    else this.#repository.merge(`Merge pull request #${number} from acme/${proposal.branch}`, branch);
    this.#repository.kept.set(refOf(number), branch);
    if (!keep) this.#repository.proposed.delete(proposal.branch);
    Object.assign(proposal, { state: "merged", head: branch.commit, mergedAt: timestamp(now) });
  }

  closeByHand(number: number): void {
    this.#open(number).state = "closed";
  }

  #open(number: number) {
    const found = this.proposals.find((one) => one.number === number && one.state === "open");
    if (found === undefined) throw new Error(`#${number} is not open.`);
    return found;
  }
}
