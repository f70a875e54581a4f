import { OutsideError, UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import type { Refusal } from "../refusal.ts";
import { quoting, saidBy } from "../said-by.ts";

/** The error for an answer that keeps a proposal from being made. A token that cannot do it is a matter of set-up. */
export function refuseProposal(
  response: ForgeResponse,
  { target, token, permission, missing, invalid }: Refusal,
): Error {
  const seen = saidBy(response, token);
  const say = (sentence: string) => quoting(sentence, seen);
  const { status } = response;
  if (status === 401) {
    return new UserError("proposal/unauthorised", say(`The token is not accepted for ${target}.`), {
      seen,
      fix: permission,
    });
  }
  if (status === 403) {
    return new UserError("proposal/forbidden", say(`The token may not open pull requests in ${target}.`), {
      seen,
      fix: permission,
    });
  }
  // Forges answer "not found" when the token cannot see it. A redirect means that it has moved, and is not followed.
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `${target} is not found, or the token cannot see it.`;
    return new UserError("proposal/not-found", say(message), { seen, fix: `${missing} ${permission}` });
  }
  if (status === 400 || status === 409 || status === 422) {
    return new UserError("proposal/invalid", say(`${target} does not accept the pull request.`), {
      seen,
      fix: invalid,
    });
  }
  const fix = "Look at the forge's status page; run the job again.";
  return new OutsideError("proposal/unexpected", say(`The answer for ${target} is not understood.`), { seen, fix });
}
