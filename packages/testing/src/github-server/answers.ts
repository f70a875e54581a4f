export interface GithubAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Of a list that has several. */
  page?: { page: number; last: number };
}

const documentation_url = "https://docs.github.com/rest";

export const ok = (body: unknown, status = 200): GithubAnswer => ({ status, body });

/** An error in the words of GitHub. Its descriptions of 405, 409 and 422 know no `status`. */
export const refused = (status: number, message: string): GithubAnswer => ({
  status,
  body: { message, documentation_url, ...([405, 409, 422].includes(status) ? {} : { status: String(status) }) },
});

export const notFound = refused(404, "Not Found");
export const noPermission = refused(403, "Resource not accessible by integration");

/** "Validation Failed" with its list of reasons. */
export function invalid(...errors: readonly (string | Record<string, string>)[]): GithubAnswer {
  return { status: 422, body: { message: "Validation Failed", errors, documentation_url } };
}
