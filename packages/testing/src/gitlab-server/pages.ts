import { createHash } from "node:crypto";
import { answer, type GitlabAnswer } from "./answers.ts";

/** One page of a list, with what GitLab says of the others (https://docs.gitlab.com/api/rest/#other-pagination-headers). */
export function pageOf<T>(all: readonly T[], query: URLSearchParams, shown: (one: T) => unknown): GitlabAnswer {
  const size = Math.min(100, Number(query.get("per_page") ?? 20));
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const headers = {
    "x-page": String(page),
    "x-per-page": String(size),
    "x-next-page": page < last ? String(page + 1) : "",
    "x-prev-page": page > 1 ? String(page - 1) : "",
    "x-total": String(all.length),
    "x-total-pages": String(last),
  };
  return { ...answer(200, all.slice((page - 1) * size, page * size).map(shown)), headers };
}

/** GitLab names what it answers by its content, and says where it is still that. */
export function unlessSame(made: GitlabAnswer, isGet: boolean, known: string | undefined): GitlabAnswer {
  if (!isGet || made.status !== 200) return made;
  const etag = `W/"${createHash("sha256").update(JSON.stringify(made.body)).digest("hex").slice(0, 32)}"`;
  const headers = { ...made.headers, etag };
  return known === etag ? { status: 304, body: undefined, headers } : { ...made, headers };
}
