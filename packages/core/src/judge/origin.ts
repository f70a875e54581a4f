import type { AppName, RefName } from "../model/names.ts";
import { type Release, recordPath } from "../model/record.ts";
import type { ConfigRepository, LogEntry, Snapshot } from "../ports/config-repository.ts";
import { type Brings, sealTrailer } from "../ports/proposal-branches.ts";
import { proposalBranch } from "../propose/branch.ts";
import { documentPaths, readCurrent } from "../records/documents.ts";
import { commitMessage, parseTrailers, trailersOf } from "../records/trailers.ts";
import { ifReadable } from "../state/if-readable.ts";
import type { Place } from "../state/tips.ts";

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

  /** It is written since: it is asked for again. */
  forget(ref: RefName): void {
    this.#known.delete(ref);
  }

  /** What a ref brings, asked for once. */
  brings(ref: RefName): Promise<Brings | undefined> {
    const known = this.#known.get(ref) ?? this.#target.proposals.brings(ref, this.#tip);
    this.#known.set(ref, known);
    return known;
  }

  /**
   * Undefined: Glu did not propose this release. `as-is`: the tip of its branch is as Glu left it. `moved-on`: people
   * brought it up to date, and the record is the one of Glu's commit. `told`: that commit is gone, as by a rebase, and its
   * message tells of the release: what it wrote can no longer be compared.
   * @param apps those that came by the same request: they may have been proposed together
   */
  async of(release: Release, at: Place, apps: readonly AppName[]): Promise<"as-is" | "moved-on" | "told" | undefined> {
    const branches = new Set([[at.app], apps].map((names) => proposalBranch(at.environment, names)));
    for (const branch of branches) {
      const brought = await this.brings(branch);
      if (brought === undefined) continue;
      const { head, byGlu } = brought;
      const own = byGlu ? head : await commitOfGlu(brought);
      const written = own && (await releaseAt(own, at));
      if (written !== undefined && JSON.stringify(written) === JSON.stringify(release)) {
        return byGlu ? "as-is" : "moved-on";
      }
      if (!byGlu && own === undefined && (await isToldBy(head, release, at))) return "told";
    }
    return undefined;
  }
}

const isOfGlu = ({ message }: LogEntry): boolean =>
  message.trimEnd().split("\n").at(-1)?.startsWith(sealTrailer) === true;

/** Glu's commit below what others put on top; undefined where the head itself says that it is Glu's, and is not as Glu made it. */
async function commitOfGlu({ head }: Brings): Promise<Snapshot | undefined> {
  const own = (await head.log(looked)).find(isOfGlu);
  return own === undefined || own.commit === head.commit ? undefined : head.at(own.commit);
}

async function releaseAt(commit: Snapshot, { app, environment }: Place): Promise<Release | undefined> {
  const files = await commit.read(documentPaths([recordPath(app, environment)]));
  return ifReadable(() => readCurrent(files, app, environment)) ?? undefined;
}

/** Whether the message says the same as the release: a rebase keeps it, and makes other files around those of Glu. */
async function isToldBy(head: Snapshot, release: Release, { app, environment }: Place): Promise<boolean> {
  const message = (await head.log(looked)).find(isOfGlu)?.message ?? "";
  const [said] = parseTrailers(commitMessage("A subject", [], [trailersOf(app, environment, release)]));
  return parseTrailers(message).some((block) => JSON.stringify(block) === JSON.stringify(said));
}
