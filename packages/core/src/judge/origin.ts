import type { AppName, EnvName, RefName } from "../model/names.ts";
import { type Release, recordPath } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { type Brings, treeTrailer } from "../ports/proposal-branches.ts";
import { proposalBranch } from "../propose/branch.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { ifReadable } from "../state/if-readable.ts";

/** Commits on a proposal's branch among which Glu's own is looked for: people bring it up to date. */
const looked = 50;

/** Tells whether releases that a commit brings are those that Glu proposed, as their branches have them. */
export class Origins {
  readonly #target: ConfigRepository;
  readonly #tip: Snapshot;
  readonly #known = new Map<RefName, Promise<Brings | undefined>>();

  constructor(target: ConfigRepository, tip: Snapshot) {
    this.#target = target;
    this.#tip = tip;
  }

  /** What a ref brings, asked for once. */
  of(ref: RefName): Promise<Brings | undefined> {
    const known = this.#known.get(ref) ?? this.#target.proposals.brings(ref, this.#tip);
    this.#known.set(ref, known);
    return known;
  }

  /** @param apps those that came by the same request: they may have been proposed together */
  async has(release: Release, at: { app: AppName; environment: EnvName }, apps: readonly AppName[]): Promise<boolean> {
    const branches = new Set([[at.app], apps].map((names) => proposalBranch(at.environment, names)));
    for (const branch of branches) {
      const brought = await this.of(branch);
      const written = brought && (await releaseByGlu(brought, at));
      if (written !== undefined && JSON.stringify(written) === JSON.stringify(release)) return true;
    }
    return false;
  }
}

/** The release as Glu's newest commit on the branch has it; undefined where there is none, or somebody amended it. */
async function releaseByGlu(
  { head, byGlu }: Brings,
  { app, environment }: { app: AppName; environment: EnvName },
): Promise<Release | undefined> {
  const own = (await head.log(looked)).find(({ message }) =>
    message.trimEnd().split("\n").at(-1)?.startsWith(treeTrailer),
  );
  if (own === undefined || (own.commit === head.commit && !byGlu)) return undefined;
  const commit = own.commit === head.commit ? head : await head.at(own.commit);
  const files = await commit.read(documentPaths([recordPath(app, environment)]));
  return ifReadable(() => readCurrent(files, app, environment)) ?? undefined;
}
