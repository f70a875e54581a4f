import { type GitlabUser, type Json, userEntity } from "./answers.ts";

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
export type MergeStatus = "mergeable" | "ci_must_pass" | "unchecked" | "conflict" | "need_rebase";

export interface MergeRequest {
  iid: number;
  title: string;
  description: string;
  state: "opened" | "closed" | "merged";
  source: string;
  /** The number of the fork that its branch is in: `refs/forks/<number>/<branch>` here. */
  fork?: number;
  target: string;
  author: GitlabUser;
  assignees: GitlabUser[];
  reviewers: GitlabUser[];
  labels: string[];
  removeSource: boolean;
  /** As whom it is merged once what is required is met. */
  autoMergeBy: GitlabUser | undefined;
  createdAt: string;
  updatedAt: string;
  mergedAt: string | null;
  closedAt: string | null;
  /** Undefined: nobody did, as of one whose branch was deleted. */
  closedBy?: GitlabUser | undefined;
  /** What was merged: the branch may be gone by now. */
  mergedHead?: string;
  mergedBy?: GitlabUser;
  mergeCommit: string | null;
  squashCommit: string | null;
  notes: Note[];
}

export interface Note {
  id: number;
  body: string;
  author: GitlabUser;
  createdAt: string;
  /** By GitLab itself. */
  system?: boolean;
}

/** By https://docs.gitlab.com/user/project/merge_requests/drafts/: only the title says so. */
export const isDraftTitle = (title: string): boolean => /^(?:\[draft\]|\(draft\)|draft:)/i.test(title);

/** As the examples of https://docs.gitlab.com/api/merge_requests/ have it. */
export function entityOf(
  one: MergeRequest,
  {
    origin,
    project,
    sha,
    mergeStatus,
    conflicts,
  }: { origin: string; project: string; sha: string; mergeStatus: MergeStatus; conflicts: boolean },
) {
  const draft = isDraftTitle(one.title);
  return {
    id: 84_000 + one.iid,
    iid: one.iid,
    project_id: 3,
    title: one.title,
    description: one.description,
    state: one.state,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    merged_at: one.mergedAt,
    closed_at: one.closedAt,
    closed_by: one.closedBy === undefined ? null : userEntity(one.closedBy),
    merge_user: one.mergedBy === undefined ? null : userEntity(one.mergedBy),
    target_branch: one.target,
    source_branch: one.source,
    user_notes_count: one.notes.length,
    author: userEntity(one.author),
    assignees: one.assignees.map(userEntity),
    assignee: one.assignees[0] === undefined ? null : userEntity(one.assignees[0]),
    reviewers: one.reviewers.map(userEntity),
    source_project_id: one.fork ?? 3,
    target_project_id: 3,
    labels: one.labels,
    draft,
    work_in_progress: draft,
    milestone: null,
    merge_when_pipeline_succeeds: one.autoMergeBy !== undefined,
    detailed_merge_status: one.state !== "opened" ? "not_open" : draft ? "draft_status" : mergeStatus,
    sha,
    merge_commit_sha: one.mergeCommit,
    squash_commit_sha: one.squashCommit,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: one.removeSource,
    references: { short: `!${one.iid}`, relative: `!${one.iid}`, full: `${project}!${one.iid}` },
    web_url: `${origin}/${project}/-/merge_requests/${one.iid}`,
    squash: false,
    has_conflicts: conflicts,
  } satisfies Json;
}

export const noteEntity = ({ id, body, author, createdAt, system = false }: Note): Json => ({
  id,
  body,
  author: userEntity(author),
  created_at: createdAt,
  updated_at: createdAt,
  system,
  noteable_type: "MergeRequest",
  internal: false,
});
