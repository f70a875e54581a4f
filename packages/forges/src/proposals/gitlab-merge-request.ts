import { type Proposal, type RefName, type Timestamp, timestamp } from "@glu/core";
import { webLink } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";

type Json = Readonly<Record<string, unknown>>;

/** The longest title of a merge request, in characters. */
const longestTitle = 255;

/** A merge request as GitLab answers it. */
export function proposalOf(request: Json): Proposal {
  const { iid, state } = request;
  return {
    number: typeof iid === "number" ? iid : Number.NaN,
    url: webLink(textOf(request.web_url)) ?? "",
    // `locked` is one that is being merged.
    state: state === "merged" ? "merged" : state === "closed" ? "closed" : "open",
    body: textOf(request.description) ?? "",
    mergedAt: state === "merged" ? timeOf(textOf(request.merged_at)) : undefined,
  };
}

function timeOf(text: string | undefined): Timestamp | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : timestamp(time);
}

/** Whether it is of a place and of an author: the server need not know the filters of a query. */
export function isOf(request: Json, { me, branch, into }: { me: number; branch: RefName; into: RefName }): boolean {
  return (
    // A branch of a fork may have any name.
    request.source_project_id === request.target_project_id &&
    branch === `refs/heads/${textOf(request.source_branch)}` &&
    into === `refs/heads/${textOf(request.target_branch)}` &&
    mappingOf(request.author).id === me
  );
}

/** Undefined when the answer does not say. GitLab before 14 knows only the older name. */
export function isDraft(request: Json): boolean | undefined {
  const draft = request.draft ?? request.work_in_progress;
  return typeof draft === "boolean" ? draft : undefined;
}

/** The title as GitLab takes it, which says also whether it is a draft. */
export function titled(title: string, draft: boolean): string {
  const whole = draft ? `Draft: ${title}` : title;
  const characters = [...whole];
  return characters.length <= longestTitle ? whole : `${characters.slice(0, longestTitle - 1).join("")}…`;
}

/**
 * The same Markdown, in which no line is a quick action: GitLab would do what a line such as `/merge` says, as the user
 * of the token, and leave it out (https://docs.gitlab.com/user/project/quick_actions/). A backslash is not shown.
 */
export const withoutQuickActions = (markdown: string): string => markdown.replace(/^\/(?=[a-z])/gim, "\\/");
