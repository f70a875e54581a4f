export type Json = Record<string, unknown>;

/** Somebody of a GitLab, and an access token. */
export interface GitlabUser {
  id: number;
  username: string;
  token: string;
}

export type Role = "reporter" | "developer" | "maintainer";
export type Scope = "api" | "read_api" | "write_repository";

/** A call as the paths of the documentation name it. */
export interface GitlabCall {
  /** Such as `POST /projects/:id/merge_requests`. */
  route: string;
  query: URLSearchParams;
  body: Json;
  by: GitlabUser;
}

export interface GitlabAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export const answer = (status: number, body: unknown): GitlabAnswer => ({ status, body });

/** As GitLab says why not: `{"message": …}`. */
export const refusal = (status: number, message: unknown): GitlabAnswer => answer(status, { message });

/** What people see of a user. */
/** The address that GitLab gives to commits of a user. */
export const emailOf = ({ username }: Pick<GitlabUser, "username">): string => `${username}@gitlab.example`;

export const userEntity = ({ id, username }: GitlabUser): Json => ({
  id,
  name: username,
  username,
  state: "active",
  locked: false,
  avatar_url: null,
  web_url: `https://gitlab.example/${username}`,
});
