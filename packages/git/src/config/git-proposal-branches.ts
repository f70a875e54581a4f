import { isSealed, type ProposalBranches } from "@glu/core";
import type { Remote } from "../remote/remote.ts";
import { broughtInto } from "./git-brings.ts";
import { newFiles } from "./new-files.ts";

/** Branches of a Git repository that carry proposals. */
export function gitProposalBranches(remote: Remote): ProposalBranches {
  return {
    async read(branch) {
      const at = (await remote.list([branch])).refs.get(branch);
      if (at === undefined) return undefined;
      const [newest] = await remote.log(at, 1, branch);
      if (newest === undefined) throw new Error(`The log of ${at} is empty.`);
      return { commit: at, message: newest.message, byGlu: isSealed(newest.message, newest.tree, newest.author) };
    },

    async write(branch, { onto, commit, replaces }) {
      const { message, author } = commit;
      const made = await remote.commit(branch, {
        parent: onto.commit,
        replaces: replaces ?? null,
        isSealed: true,
        message,
        files: await newFiles(onto, commit.changes),
        ...(author && { author }),
      });
      return made === undefined ? { kind: "lost" } : { kind: "committed", commit: made };
    },

    async list(folder) {
      const { refs } = await remote.list([folder]);
      return new Map([...refs].filter(([ref]) => ref.startsWith(folder)));
    },

    brings: (ref, onto) => broughtInto(remote, ref, onto),

    remove: (branch, at) => remote.point([], [{ ref: branch, id: at }]),
  };
}
