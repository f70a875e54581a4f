import { type Proposals, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import type { ForgeName } from "../target.ts";

/** Each forge's own, loaded when it is asked for the first time. */
const forges: Partial<Record<ForgeName, (asking: AskingWithToken) => Promise<Proposals>>> = {
  gitea: async (asking) => (await import("./gitea-proposals.ts")).createGiteaProposals(asking),
  github: async (asking) => (await import("./github-proposals.ts")).createGithubProposals(asking),
};

/** Pull and merge requests of a repository. Without a token every call is the error `proposal/no-token`. */
export function createProposals(asking: Asking): Proposals {
  const { forge, token } = asking;
  if (!token) return nobody("proposal/no-token", "There is no token to open a pull request with.");
  const create = forges[forge];
  if (create === undefined) return nobody("proposal/not-yet", `Proposals are not there yet on ${forge}.`);
  let loaded: Promise<Proposals> | undefined;
  const load = (): Promise<Proposals> => {
    loaded ??= create({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
    return loaded;
  };
  return {
    of: async (place) => (await load()).of(place),
    open: async (...proposal) => (await load()).open(...proposal),
    update: async (...text) => (await load()).update(...text),
    close: async (...why) => (await load()).close(...why),
  };
}

function nobody(code: string, message: string): Proposals {
  const refuse = async (): Promise<never> => {
    throw new UserError(code, message, { fix: "Give the token input, or set GLU_TOKEN in the job's environment." });
  };
  return { of: refuse, open: refuse, update: refuse, close: refuse };
}
