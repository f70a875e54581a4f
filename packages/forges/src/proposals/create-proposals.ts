import { type Proposals, UserError } from "@glu/core";
import type { Asking, AskingWithToken } from "../asking.ts";
import type { ForgeName } from "../target.ts";

/** Each forge's own, loaded when it is asked for the first time. */
const forges: Readonly<Record<ForgeName, (asking: AskingWithToken) => Promise<Proposals>>> = {
  gitea: async (asking) => (await import("./gitea-proposals.ts")).createGiteaProposals(asking),
  github: async (asking) => (await import("./github-proposals.ts")).createGithubProposals(asking),
  gitlab: async (asking) => (await import("./gitlab-proposals.ts")).createGitlabProposals(asking),
};

/** Pull and merge requests of a repository. Without a token every call is the error `proposal/no-token`. */
export function createProposals(asking: Asking): Proposals {
  const { forge, token } = asking;
  if (!token) return withoutToken;
  let loaded: Promise<Proposals> | undefined;
  const load = (): Promise<Proposals> => {
    loaded ??= forges[forge]({ ...asking, token, apiUrl: asking.apiUrl.replace(/\/+$/, "") });
    return loaded;
  };
  return {
    of: async (place) => (await load()).of(place),
    open: async (...proposal) => (await load()).open(...proposal),
    update: async (...text) => (await load()).update(...text),
    close: async (...why) => (await load()).close(...why),
    setAutoMerge: async (...to) => (await load()).setAutoMerge(...to),
  };
}

async function refuse(): Promise<never> {
  throw new UserError("proposal/no-token", "There is no token to open a pull request with.", {
    fix: "Give the token input, or set GLU_TOKEN in the job's environment.",
  });
}

const withoutToken: Proposals = { of: refuse, open: refuse, update: refuse, close: refuse, setAutoMerge: refuse };
