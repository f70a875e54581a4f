import { OutsideError, UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import type { Refusal } from "../refusal.ts";
import { quoting, saidBy } from "../said-by.ts";

/** The error for an answer that tells nothing of pull requests. A token that cannot see them is a matter of set-up. */
export function refusePull(
  response: ForgeResponse,
  { target, token, permission, missing, invalid }: Refusal,
): UserError | OutsideError {
  const seen = saidBy(response, token);
  const say = (sentence: string) => quoting(sentence, seen);
  const { status } = response;
  if (status === 401) {
    return new UserError("pull/unauthorised", say(`The token is not accepted for ${target}.`), {
      seen,
      fix: permission,
    });
  }
  if (status === 403) {
    return new UserError("pull/forbidden", say(`The token may not see pull requests of ${target}.`), {
      seen,
      fix: permission,
    });
  }
  // Forges answer "not found" when the token cannot see it. A redirect means that it has moved, and is not followed.
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `${target} is not found, or the token cannot see it.`;
    return new UserError("pull/not-found", say(message), { seen, fix: `${missing} ${permission}` });
  }
  if (status === 400 || status === 422) {
    const message = `${target} does not accept the question for pull requests.`;
    return new UserError("pull/invalid-request", say(message), { seen, fix: invalid });
  }
  const fix = "Look at the forge's status page; run the job again.";
  return new OutsideError("pull/unexpected", say(`The answer for ${target} is not understood.`), { seen, fix });
}
