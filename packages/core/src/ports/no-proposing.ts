import { UserError } from "../errors.ts";
import type { Proposing } from "../promote/options.ts";
import type { Proposals } from "./proposals.ts";

/** Where no forge is known: nothing can be proposed, and nobody asked what was. */
export const noProposing: Proposing = {
  of: ({ location }): Proposals => {
    const refuse = () => noForge(location);
    const asking = { of: refuse, others: refuse, mergedByOthers: refuse };
    return { ...asking, open: refuse, update: refuse, close: refuse, setAutoMerge: refuse };
  },
  text: (_plan, _request, { location }) => noForge(location),
};

async function noForge(location: string): Promise<never> {
  throw new UserError("proposal/no-forge", `The forge of ${location}, with its pull requests, is not known here.`, {
    seen: location,
    fix: "Run it in the pipeline of a repository on GitHub, GitLab or Gitea.",
  });
}
