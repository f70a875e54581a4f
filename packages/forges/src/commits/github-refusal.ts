import { type GluError, OutsideError, UserError } from "@glu/core";
import type { GraphqlAnswer } from "../ask-graphql.ts";
import { type ForgeResponse, messageOf } from "../http.ts";
import { saidBy } from "../said-by.ts";

export interface Refused {
  location: string;
  branch: string;
  token: string;
  /** What a token needs that may read and not write; GitHub's words by default. */
  permission?: string;
}

/** What GitHub said instead of what was asked for: short, on one line, without the token. */
export function wordsOf({ response, errors }: GraphqlAnswer, token: string): string {
  if (errors.length === 0) return messageOf(response, token);
  const words = errors.map(({ message }) => message).join(" · ");
  return words
    .replaceAll(token, "***")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .slice(0, 1000);
}

/** Whether the branch was not where it had to be: nothing was written. */
export function isStale({ errors }: GraphqlAnswer): boolean {
  return errors.some(
    ({ type, message }) =>
      type === "STALE_DATA" || /^Expected branch to point to|^Ref \S+ is at \S+ but expected/.test(message),
  );
}

/** The error for an answer of GitHub's GraphQL that is none; the same codes as by Git. */
export function refusedByGraphql(answer: GraphqlAnswer, about: Refused): GluError {
  const { location, branch, token } = about;
  const { response, errors } = answer;
  const seen = wordsOf(answer, token);
  if (response.status !== 200) return refusedByStatus(response, about);
  const types = errors.map(({ type }) => type);
  if (/rule violation|protected branch|through a pull request|verified signature|required status check/i.test(seen)) {
    return protectedBranch(about, seen);
  }
  if (types.includes("FORBIDDEN") || /not accessible by|must have push access|correct permissions/i.test(seen)) {
    return readOnly(about, seen);
  }
  if (types.includes("NOT_FOUND") && /Could not resolve to a Repository/.test(seen)) return notFound(location, seen);
  if (errors.length > 0) {
    return new OutsideError("repository/rejected", `${location} rejected the commit to ${branch}: ${seen}`, {
      seen,
      fix: "The server's words say why; change that and run again.",
    });
  }
  return notUnderstood(location, seen);
}

/** The same for an answer whose status says it all. */
export function refusedByStatus(response: ForgeResponse, about: Refused): GluError {
  const { location, token, permission } = about;
  const seen = saidBy(response, token);
  const { status } = response;
  if (status === 401) {
    return new UserError("repository/unauthorised", `${location} did not accept the token: ${seen}`, {
      seen,
      fix: permission ?? "Give a token that may read and write it, as the 'token' input or in GLU_TOKEN.",
    });
  }
  if (status === 403) return readOnly(about, seen);
  if (status === 404) return notFound(location, seen);
  if (status >= 300 && status < 400) {
    return new UserError("repository/moved", `${location} redirects to another URL, to which the token is not sent.`, {
      seen,
      fix: "Give the URL that it redirects to: a renamed repository has a new name.",
    });
  }
  if (status === 409 || status === 422) {
    const protects = /rule violation|protected/i.test(seen);
    if (protects) return protectedBranch(about, seen);
    return new OutsideError("repository/rejected", `${location} rejected what was asked for: ${seen}`, {
      seen,
      fix: "The server's words say why; change that and run again.",
    });
  }
  return notUnderstood(location, seen);
}

function notUnderstood(location: string, seen: string): OutsideError {
  return new OutsideError("repository/unreachable", `The answer about ${location} is not understood.`, {
    seen,
    fix: "Look at the forge's status page, then run again.",
    transient: true,
  });
}

function notFound(location: string, seen: string): UserError {
  return new UserError("repository/not-found", `There is no repository at ${location}, or this token may not see it.`, {
    seen,
    fix: "Check the spelling. Forges also say 'not found' when the token may not see a private repository.",
  });
}

const contentsWrite =
  "Put 'permissions: { contents: write }' into the job, or give a token of an App or a fine-grained one with 'Contents: write'.";

function readOnly({ location, permission = contentsWrite }: Refused, seen: string): UserError {
  return new UserError("repository/read-only", `${location} may be read but not written with this token: ${seen}`, {
    seen,
    fix: permission,
  });
}

function protectedBranch({ location, branch }: Refused, seen: string): UserError {
  return new UserError("repository/protected", `${location} does not let this token write to ${branch}: ${seen}`, {
    seen,
    fix: `Let the identity of this token bypass the rules of ${branch} (a GitHub App on the bypass list), or propose instead ('propose: true'). The CI's built-in token cannot bypass branch rules.`,
  });
}
