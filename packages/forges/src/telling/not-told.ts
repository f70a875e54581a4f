import { OutsideError, UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import type { Refusal } from "../refusal.ts";
import { quoting, saidBy } from "../said-by.ts";

const kinds = {
  status: {
    does: "mark commits of",
    what: "the status",
    unauthorised: "status/unauthorised",
    forbidden: "status/forbidden",
    notFound: "status/not-found",
    invalid: "status/invalid",
    unexpected: "status/unexpected",
  },
  deployment: {
    does: "tell of deployments in",
    what: "the deployment",
    unauthorised: "deployment/unauthorised",
    forbidden: "deployment/forbidden",
    notFound: "deployment/not-found",
    invalid: "deployment/invalid",
    unexpected: "deployment/unexpected",
  },
  comment: {
    does: "comment in",
    what: "the comment",
    unauthorised: "comment/unauthorised",
    forbidden: "comment/forbidden",
    notFound: "comment/not-found",
    invalid: "comment/invalid",
    unexpected: "comment/unexpected",
  },
} as const;

/** The error for an answer that keeps people from being told. A token that cannot do it is a matter of set-up. */
export function notTold(
  about: keyof typeof kinds,
  response: ForgeResponse,
  { target, token, permission, missing, invalid }: Refusal,
): UserError | OutsideError {
  const seen = saidBy(response, token);
  const say = (sentence: string) => quoting(sentence, seen);
  const { status } = response;
  const kind = kinds[about];
  if (status === 401) {
    return new UserError(kind.unauthorised, say(`The token is not accepted for ${target}.`), { seen, fix: permission });
  }
  if (status === 403) {
    return new UserError(kind.forbidden, say(`The token may not ${kind.does} ${target}.`), { seen, fix: permission });
  }
  // Forges answer "not found" when the token cannot see it. A redirect means that it has moved, and is not followed.
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `${target}, or what is named in it, is not found, or the token cannot see it.`;
    return new UserError(kind.notFound, say(message), { seen, fix: `${missing} ${permission}` });
  }
  if (status === 400 || status === 422) {
    return new UserError(kind.invalid, say(`${target} does not accept ${kind.what}.`), { seen, fix: invalid });
  }
  const fix = "Look at the forge's status page; run the job again.";
  return new OutsideError(kind.unexpected, say(`The answer for ${target} is not understood.`), {
    seen,
    fix,
    // Two at once for one thing, which a forge does one after the other.
    transient: status === 409,
  });
}
