import { type Commit, type ConfigRepository, type Cost, GluError, type Logger, type Snapshot } from "@glu/core";

/** GitHub's words for a commit that it does not take without a signature, by a ruleset and by a protected branch. */
const wantsSignature = /commits must have (?:verified|valid) signatures/i;

const isUnsigned = (error: unknown): boolean =>
  error instanceof GluError && error.code === "repository/protected" && wantsSignature.test(error.message);

/**
 * Writes by Git, and by the API when the server refuses what is not signed: then nothing was written, and all that
 * follows goes by the API.
 */
export function signedWhenRequired(
  git: ConfigRepository,
  openByApi: () => Promise<ConfigRepository>,
  logger: Logger,
): ConfigRepository {
  let api: Promise<ConfigRepository> | undefined;
  let opened: ConfigRepository | undefined;
  const byApi = (): Promise<ConfigRepository> => {
    api ??= openByApi().then((repository) => {
      opened = repository;
      logger.notice(`${git.location} takes signed commits only: they are made by GitHub's API, which signs them.`);
      return repository;
    });
    return api;
  };
  const sign = async <T>(unsigned: () => Promise<T>, signed: (api: ConfigRepository) => Promise<T>): Promise<T> => {
    if (api !== undefined) return signed(await api);
    try {
      return await unsigned();
    } catch (error) {
      if (!isUnsigned(error)) throw error;
      return signed(
        await byApi().catch(() => {
          api = undefined;
          // Where there is no API that signs, the refusal stands.
          throw error;
        }),
      );
    }
  };
  /** The same commit as the API sees it. */
  const seen = async (by: ConfigRepository, onto: Snapshot): Promise<Snapshot> => {
    const tip = await by.open();
    return tip.commit === onto.commit ? tip : tip.at(onto.commit);
  };
  return {
    location: git.location,
    get branch() {
      return git.branch;
    },
    open: () => git.open(),
    commit: (onto: Snapshot, commit: Commit) =>
      sign(
        () => git.commit(onto, commit),
        async (by) => by.commit(await seen(by, onto), commit),
      ),
    proposals: {
      read: (branch) => git.proposals.read(branch),
      list: (folder) => git.proposals.list(folder),
      brings: (ref, onto) => git.proposals.brings(ref, onto),
      write: (branch, change) =>
        sign(
          () => git.proposals.write(branch, change),
          async (by) => by.proposals.write(branch, { ...change, onto: await seen(by, change.onto) }),
        ),
      remove: (branch, at) => git.proposals.remove(branch, at),
    },
    cost(): Cost {
      const [first, second] = [git.cost(), opened?.cost()];
      if (second === undefined) return first;
      return {
        way: `${first.way}, then ${second.way}`,
        requests: (first.requests ?? 0) + (second.requests ?? 0),
        milliseconds: (first.milliseconds ?? 0) + (second.milliseconds ?? 0),
      };
    },
    async [Symbol.asyncDispose]() {
      await (await api?.catch(() => undefined))?.[Symbol.asyncDispose]();
      await git[Symbol.asyncDispose]();
    },
  };
}
