import type { OtherProposal, Proposal, ProposalPlace, RefName } from "@glu/core";
import { webLink } from "../http.ts";
import { mappingOf, textOf, timeOf } from "../json.ts";

type Json = Readonly<Record<string, unknown>>;

/** A pull request as GitHub gives it alone or in a list; undefined for what is none. */
export function proposalOf(pull: unknown): Proposal | undefined {
  const { number, html_url, state, body, head, merged_at } = mappingOf(pull);
  const url = webLink(textOf(html_url));
  if (typeof number !== "number" || url === undefined) return undefined;
  const mergedAt = timeOf(merged_at);
  const isOpen = state === "open";
  return {
    number,
    url,
    state: isOpen ? "open" : mergedAt === undefined ? "closed" : "merged",
    body: textOf(body) ?? "",
    head: textOf(mappingOf(head).sha),
    mergedAt,
  };
}

/** Whether it is of this branch, whoever opened it, and into whatever. A branch of a fork may have any name. */
export function isOfBranch(pull: Json, branch: RefName, repository: string): boolean {
  const head = mappingOf(pull.head);
  return (
    textOf(mappingOf(head.repo).full_name)?.toLowerCase() === repository.toLowerCase() &&
    branch === `refs/heads/${textOf(head.ref)}`
  );
}

/** Whether it is of this place, whoever opened it. */
export const isOfPlace = (pull: Json, { branch, base }: ProposalPlace, repository: string): boolean =>
  isOfBranch(pull, branch, repository) && base === baseOf(pull);

const baseOf = (pull: Json) => `refs/heads/${textOf(mappingOf(pull.base).ref)}` as RefName;

/** One that is not of a place, though its branch is. */
export function otherOf(pull: Json, { number, url, body }: Proposal, me: string): OtherProposal {
  const by = authorOf(pull);
  return { number, url, body, base: baseOf(pull), own: by === me, by };
}

export const authorOf = (pull: Json): string | undefined => textOf(mappingOf(pull.user).login);
