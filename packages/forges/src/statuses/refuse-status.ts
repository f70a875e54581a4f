import { OutsideError, UserError } from "@glu/core";
import { type ForgeResponse, messageOf } from "../http.ts";
import type { Refusal } from "../refusal.ts";

/** The error for an answer that keeps a commit from being marked. A token that cannot do it is a matter of set-up. */
export function refuseStatus(
  response: ForgeResponse,
  { target, token, permission, missing, invalid }: Refusal,
): UserError | OutsideError {
  const seen = messageOf(response, token);
  const { status } = response;
  if (status === 401) {
    const message = `The token is not accepted for ${target}.`;
    return new UserError("status/unauthorised", message, { seen, fix: permission });
  }
  if (status === 403) {
    const message = `The token may not mark commits of ${target}.`;
    return new UserError("status/forbidden", message, { seen, fix: permission });
  }
  // Forges answer "not found" when the token cannot see it. A redirect means that it has moved, and is not followed.
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `The commit or ${target} is not found, or the token cannot see it.`;
    return new UserError("status/not-found", message, { seen, fix: `${missing} ${permission}` });
  }
  if (status === 400 || status === 422) {
    return new UserError("status/invalid", `${target} does not accept the status.`, { seen, fix: invalid });
  }
  const fix = "Look at the forge's status page; run the job again.";
  return new OutsideError("status/unexpected", `The answer for ${target} is not understood.`, {
    seen,
    fix,
    // Two at once for one commit, which GitLab does one after the other.
    transient: status === 409,
  });
}
