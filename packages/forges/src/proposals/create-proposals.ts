import { type Proposals, UserError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { createGiteaProposals } from "./gitea-proposals.ts";

/** Pull and merge requests of a repository. Without a token every call is the error `proposal/no-token`. */
export function createProposals(asking: Asking): Proposals {
  const { forge, token } = asking;
  if (!token) return nobody("proposal/no-token", "There is no token to open a pull request with.");
  const withToken = { ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") };
  if (forge === "gitea") return createGiteaProposals(withToken);
  return nobody("proposal/not-yet", `Proposals are not there yet on ${forge}.`);
}

function nobody(code: string, message: string): Proposals {
  const refuse = async (): Promise<never> => {
    throw new UserError(code, message, { fix: "Give the token input, or set GLU_TOKEN in the job's environment." });
  };
  return { of: refuse, open: refuse, update: refuse, close: refuse };
}
