import { OutsideError, UserError } from "@glu/core";
import type { ForgeResponse } from "./http.ts";
import { quoting, saidBy } from "./said-by.ts";

/** What the forge's refusal means to whoever set the pipeline up. */
export interface Refusal {
  target: string;
  token: string;
  /** The permission that is missing, and the line that gives it. */
  permission: string;
  /** What to check when the target is not found. */
  missing: string;
  /** What to check when the forge does not accept the content. */
  invalid: string;
}

/**
 * The error for an answer that is not a success. A token that is missing or cannot do it is a matter of set-up and so
 * exit code 2; everything unexpected is the forge's.
 */
export function refusal(response: ForgeResponse, { target, token, permission, missing, invalid }: Refusal): Error {
  const seen = saidBy(response, token);
  const say = (sentence: string) => quoting(sentence, seen);
  const { status } = response;
  if (status === 401) {
    return new UserError("forge/unauthorised", say(`The token is not accepted for ${target}.`), {
      seen,
      fix: permission,
    });
  }
  if (status === 403) {
    return new UserError("forge/forbidden", say(`The token may not start a promotion in ${target}.`), {
      seen,
      fix: permission,
    });
  }
  // Forges answer "not found" when the token cannot see a private repository.
  if (status === 404) {
    return new UserError("forge/not-found", say(`${target} is not found, or the token cannot see it.`), {
      seen,
      fix: `${missing} ${permission}`,
    });
  }
  if (status >= 300 && status < 400) {
    return new UserError("forge/moved", say(`${target} has moved.`), { seen, fix: "Give its new name." });
  }
  if (status === 400 || status === 422) {
    return new UserError("forge/invalid-request", say(`${target} does not accept the request.`), {
      seen,
      fix: invalid,
    });
  }
  return new OutsideError("forge/unexpected", say(`The answer for ${target} is not understood.`), {
    seen,
    fix: "Look at the forge's status page; run the job again.",
  });
}
