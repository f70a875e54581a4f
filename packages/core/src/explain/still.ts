import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { PromotePorts } from "../promote/options.ts";
import { TipReader } from "../state/tip-reader.ts";

/**
 * Ports that stand still: each repository has the tip that it had when it was first opened, each file of it is read
 * once, and nothing can be written. Many decisions made on them are about the same moment.
 */
export function stillPorts(ports: PromotePorts): PromotePorts {
  const still = new Map<ConfigRepository, ConfigRepository>();
  const stillOf = (repository: ConfigRepository): ConfigRepository => {
    const known = still.get(repository) ?? stillRepository(repository);
    still.set(repository, known);
    return known;
  };
  return {
    ...ports,
    repository: stillOf(ports.repository),
    repositoryOf: (environment) => stillOf(ports.repositoryOf(environment)),
  };
}

function stillRepository(repository: ConfigRepository): ConfigRepository {
  let tip: Promise<Snapshot> | undefined;
  return {
    location: repository.location,
    branch: repository.branch,
    open: () => {
      tip ??= repository.open().then(readOnce);
      return tip;
    },
    commit: refuseWriting,
    proposals: {
      read: (branch) => repository.proposals.read(branch),
      write: refuseWriting,
      list: (folder) => repository.proposals.list(folder),
      brings: (ref, onto) => repository.proposals.brings(ref, onto),
      remove: refuseWriting,
    },
    cost: () => repository.cost(),
    // Whoever opened it closes it.
    async [Symbol.asyncDispose]() {},
  };
}

async function refuseWriting(): Promise<never> {
  throw new Error("what only looks has written");
}

function readOnce(snapshot: Snapshot): Snapshot {
  const reader = new TipReader(snapshot);
  return {
    commit: snapshot.commit,
    branch: snapshot.branch,
    committedAt: snapshot.committedAt,
    async read(paths) {
      await reader.load(paths);
      return new Map(
        paths.flatMap((path) => {
          const file = reader.files.get(path);
          return file === undefined ? [] : [[path, file] as const];
        }),
      );
    },
    list: (folder) => snapshot.list(folder),
    log: (limit) => snapshot.log(limit),
    at: (commit) => snapshot.at(commit),
  };
}
