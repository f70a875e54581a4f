import type { OtherProposal, Proposal, RefName } from "@glu/core";
import { webLink } from "../http.ts";
import { mappingOf, textOf, timeOf } from "../json.ts";
import { fittingBody, fittingTitle, type TextLimits } from "./fitting-text.ts";

type Json = Readonly<Record<string, unknown>>;

/** https://docs.gitlab.com/administration/instance_limits/: in characters. */
const limits: TextLimits = { title: 255, body: 1_048_576, count: (text) => [...text].length };

/** A merge request as GitLab answers it; undefined for what is none. */
export function proposalOf(request: Json): Proposal | undefined {
  const { iid, state } = request;
  const url = webLink(textOf(request.web_url));
  if (typeof iid !== "number" || url === undefined) return undefined;
  return {
    number: iid,
    url,
    // `locked` is one that is being merged.
    state: state === "merged" ? "merged" : state === "closed" ? "closed" : "open",
    body: textOf(request.description) ?? "",
    head: textOf(request.sha),
    mergedAt: state === "merged" ? timeOf(request.merged_at) : undefined,
  };
}

/** Whether it is of a place and of an author: the server need not know the filters of a query. */
export const isOf = (request: Json, { me, branch, into }: { me: number; branch: RefName; into: RefName }): boolean =>
  isInto(request, { branch, into }) && isBy(request, me);

/** Whether it is of this place, whoever opened it. */
export const isInto = (request: Json, { branch, into }: { branch: RefName; into: RefName }): boolean =>
  isOfBranch(request, branch) && into === intoOf(request);

/** A branch of a fork may have any name. */
export const isOfBranch = (request: Json, branch: RefName): boolean =>
  request.source_project_id === request.target_project_id && branch === `refs/heads/${textOf(request.source_branch)}`;

const intoOf = (request: Json) => `refs/heads/${textOf(request.target_branch)}` as RefName;

const isBy = (request: Json, me: number): boolean => mappingOf(request.author).id === me;

/** One that is not of a place, though its branch is. */
export function otherOf(request: Json, { number, url, body }: Proposal, me: number): OtherProposal {
  const by = textOf(mappingOf(request.author).username);
  return { number, url, body, base: intoOf(request), own: isBy(request, me), by };
}

/** Undefined when the answer does not say. GitLab before 14 knows only the older name. */
export function isDraft(request: Json): boolean | undefined {
  const draft = request.draft ?? request.work_in_progress;
  return typeof draft === "boolean" ? draft : undefined;
}

/** The title as GitLab takes it, which says also whether it is a draft. */
export const titled = (title: string, draft: boolean): string =>
  fittingTitle(draft ? `Draft: ${title}` : title, limits);

/** The text as GitLab takes it. */
export const described = (body: string): string => fittingBody(withoutQuickActions(body), limits);

/**
 * The same Markdown, in which no line is a quick action: GitLab would do what a line such as `/merge` says, as the user
 * of the token, and leave it out (https://docs.gitlab.com/user/project/quick_actions/). A backslash is not shown.
 */
export const withoutQuickActions = (markdown: string): string => markdown.replace(/^\/(?=[a-z])/gim, "\\/");
