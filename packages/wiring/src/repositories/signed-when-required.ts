import { type ConfigRepository, type Cost, GluError, type Logger, type Snapshot } from "@glu/core";

/** GitHub's words for a commit that it does not take without a signature, by a ruleset and by a protected branch. */
const wantsSignature = /commits must have (?:verified|valid) signatures/i;

/**
 * The repository for all that follows, when its server refused what is not signed: then nothing was written, and the API
 * signs. Reading goes on by Git.
 * @throws the refusal, when it is another one, or where there is no API that signs
 */
export async function signedWhenRequired(
  refusal: unknown,
  git: ConfigRepository,
  openByApi: () => Promise<ConfigRepository>,
  logger: Logger,
): Promise<ConfigRepository> {
  const isUnsigned = refusal instanceof GluError && refusal.code === "repository/protected";
  if (!isUnsigned || !wantsSignature.test(refusal.message)) throw refusal;
  const api = await openByApi().catch(() => {
    throw refusal;
  });
  logger.notice(`${git.location} takes signed commits only: they are made by GitHub's API, which signs them.`);
  /** The same commit as the API sees it. */
  const seen = async (onto: Snapshot): Promise<Snapshot> => {
    const tip = await api.open();
    return tip.commit === onto.commit ? tip : tip.at(onto.commit);
  };
  return {
    location: git.location,
    get branch() {
      return git.branch;
    },
    open: () => git.open(),
    commit: async (onto, commit) => api.commit(await seen(onto), commit),
    proposals: {
      read: (branch) => git.proposals.read(branch),
      write: async (branch, change) => api.proposals.write(branch, { ...change, onto: await seen(change.onto) }),
      list: (folder) => git.proposals.list(folder),
      brings: (ref, onto) => git.proposals.brings(ref, onto),
      remove: (branch, at) => git.proposals.remove(branch, at),
    },
    cost(): Cost {
      const [first, second] = [git.cost(), api.cost()];
      return {
        way: `${first.way}, then ${second.way}`,
        requests: (first.requests ?? 0) + (second.requests ?? 0),
        milliseconds: (first.milliseconds ?? 0) + (second.milliseconds ?? 0),
      };
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await git[Symbol.asyncDispose]();
    },
  };
}
