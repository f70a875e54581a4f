import type { ArtifactStore, ConfigRepository, Cost, RefName, Snapshot } from "@glu/core";

/** A config repository whose tip can be asked for before it is needed. */
export interface RepositoryAhead extends ConfigRepository {
  /** Asks for the tip now. The first `open` gets the same: the tip, or why it could not be read. */
  openAhead(): Promise<Snapshot>;
}

/**
 * A config repository that is opened when it is first used: an environment's own is often only read, or not at all.
 * Its branch is the server's default one when none is given; until it is opened that is called HEAD.
 * @param again reads the tip, more than once when its server is out of order
 * @param otherwise what serves from then on when a write was refused; it throws the refusal where nothing else does
 */
export function configRepositoryOnFirstUse(
  place: { location: string; branch: RefName | undefined },
  open: () => Promise<ConfigRepository>,
  again: (read: () => Promise<Snapshot>) => Promise<Snapshot> = (read) => read(),
  otherwise?: (refusal: unknown, refused: ConfigRepository) => Promise<ConfigRepository>,
): RepositoryAhead {
  let opened: Promise<ConfigRepository> | undefined;
  let known: ConfigRepository | undefined;
  const get = async () => {
    opened ??= open();
    try {
      known = await opened;
      return known;
    } catch (error) {
      // The next try may find the server well again.
      opened = undefined;
      throw error;
    }
  };
  const write = async <T>(task: (repository: ConfigRepository) => Promise<T>): Promise<T> => {
    const repository = await get();
    try {
      return await task(repository);
    } catch (error) {
      if (otherwise === undefined) throw error;
      opened = Promise.resolve(await otherwise(error, repository));
      return task(await get());
    }
  };
  const openNow = () => again(async () => (await get()).open());
  let ahead: Promise<Snapshot> | undefined;
  return {
    location: place.location,
    get branch() {
      return known?.branch ?? place.branch ?? ("HEAD" as RefName);
    },
    openAhead() {
      ahead = openNow();
      ahead.catch(() => undefined); // Whoever opens it gets the error.
      return ahead;
    },
    open() {
      const tip = ahead ?? openNow();
      ahead = undefined;
      return tip;
    },
    commit: (onto, commit) => write((repository) => repository.commit(onto, commit)),
    proposals: {
      read: async (branch) => (await get()).proposals.read(branch),
      write: (branch, change) => write(({ proposals }) => proposals.write(branch, change)),
      list: async (folder) => (await get()).proposals.list(folder),
      brings: async (ref, onto) => (await get()).proposals.brings(ref, onto),
      remove: async (branch, at) => (await get()).proposals.remove(branch, at),
    },
    cost: (): Cost => known?.cost() ?? { way: "none" },
    async [Symbol.asyncDispose]() {
      await ahead?.catch(() => undefined); // Nobody wanted it after all. It must not go on when all is closed.
      await close(opened);
    },
  };
}

/** What could not be opened need not be closed: whoever used it has the error. */
async function close(opened: Promise<AsyncDisposable> | undefined): Promise<void> {
  const resource = await opened?.catch(() => undefined);
  await resource?.[Symbol.asyncDispose]();
}

/** An artifact store that is opened when it is first used. */
export function storeOnFirstUse(location: string, open: () => Promise<ArtifactStore>): ArtifactStore {
  let opened: Promise<ArtifactStore> | undefined;
  const get = () => {
    opened ??= open();
    return opened;
  };
  return {
    location,
    put: async (artifact, keep) => (await get()).put(artifact, keep),
    expect: async (apps) => (await get()).expect(apps),
    ids: async (app) => (await get()).ids(app),
    read: async (app, ids) => (await get()).read(app, ids),
    addItem: async (app, id, item) => (await get()).addItem(app, id, item),
    async [Symbol.asyncDispose]() {
      await close(opened);
    },
  };
}
