import { OutsideError } from "@glu/core";
import type { ForgeResponse } from "./http.ts";
import type { Refusal } from "./refusal.ts";
import { quoting, saidBy } from "./said-by.ts";

const codes = {
  actor: {
    unauthorised: "actor/unauthorised",
    forbidden: "actor/forbidden",
    notFound: "actor/not-found",
    invalid: "actor/invalid-request",
    unexpected: "actor/unexpected",
  },
  approval: {
    unauthorised: "approval/unauthorised",
    forbidden: "approval/forbidden",
    notFound: "approval/not-found",
    invalid: "approval/invalid-request",
    unexpected: "approval/unexpected",
  },
  checks: {
    unauthorised: "checks/unauthorised",
    forbidden: "checks/forbidden",
    notFound: "checks/not-found",
    invalid: "checks/invalid-request",
    unexpected: "checks/unexpected",
  },
  workflow: {
    unauthorised: "workflow/unauthorised",
    forbidden: "workflow/forbidden",
    notFound: "workflow/not-found",
    invalid: "workflow/invalid-request",
    unexpected: "workflow/unexpected",
  },
  team: {
    unauthorised: "team/unauthorised",
    forbidden: "team/forbidden",
    notFound: "team/not-found",
    invalid: "team/invalid-request",
    unexpected: "team/unexpected",
  },
} as const;

/**
 * The error for an answer to a gate that is none. Always an outside one, whatever the status: what cannot be evaluated
 * is held, and the other intents of the run are decided.
 */
export function notAnswered(
  about: keyof typeof codes,
  response: ForgeResponse,
  { target, token, permission, missing, invalid }: Refusal,
): OutsideError {
  const seen = saidBy(response, token);
  const say = (sentence: string) => quoting(sentence, seen);
  const { status } = response;
  const code = codes[about];
  if (status === 401) {
    return new OutsideError(code.unauthorised, say(`The token is not accepted for ${target}.`), {
      seen,
      fix: permission,
    });
  }
  if (status === 403) {
    return new OutsideError(code.forbidden, say(`The token has no access to ${target}.`), { seen, fix: permission });
  }
  // Forges answer "not found" when the token cannot see it. A redirect means that it has moved, and is not followed.
  if (status === 404 || (status >= 300 && status < 400)) {
    const message = `${target} is not found, or the token cannot see it.`;
    return new OutsideError(code.notFound, say(message), { seen, fix: `${missing} ${permission}` });
  }
  if (status === 400 || status === 422) {
    return new OutsideError(code.invalid, say(`${target} does not accept the request.`), { seen, fix: invalid });
  }
  const fix = "Look at the forge's status page.";
  return new OutsideError(code.unexpected, say(`The answer for ${target} is not understood.`), { seen, fix });
}
