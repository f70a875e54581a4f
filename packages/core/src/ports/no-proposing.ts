import { UserError } from "../errors.ts";
import type { Proposing } from "../promote/options.ts";
import type { Proposals } from "./proposals.ts";

/** Where no forge is known: nothing can be proposed. */
export const noProposing: Proposing = {
  of: ({ location }): Proposals => {
    const refuse = async (): Promise<never> => {
      throw new UserError("proposal/no-forge", `No pull request can be opened in ${location}.`, {
        seen: location,
        fix: "Run promote in the pipeline of a repository on GitHub, GitLab or Gitea, or remove propose.",
      });
    };
    return { of: refuse, open: refuse, update: refuse, close: refuse };
  },
  text: async () => ({ title: "", body: "" }),
};
