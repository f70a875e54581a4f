import { GluError } from "../errors.ts";
import type { Decision } from "../model/decision.ts";
import type { AppName, EnvName, RefName } from "../model/names.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { attemptOn, type GroupResult, type Includes, type Run } from "../promote/attempt-on.ts";
import { proposalBranch } from "./branch.ts";
import { isProposed } from "./is-proposed.ts";
import { isGoing, proposeUnit } from "./propose-unit.ts";
import { mayBringOneOf, proposalFolder } from "./superseded.ts";
import { configFor, isHereIn, tidyProposals } from "./tidy.ts";
import { waitsElsewhere } from "./waits-elsewhere.ts";

/**
 * Decides on the newest tip what shall run in an environment whose changes are proposed, and proposes what goes: each
 * app by itself, with `set` all that move together. The config branch is not written to: what runs there is what is
 * merged.
 */
export async function proposeInto(target: ConfigRepository, run: Run, environment: EnvName): Promise<GroupResult> {
  const isOfIt: Includes = (candidate) => candidate.environment.name === environment && isProposed(candidate);
  const { request, ports, first } = run;
  const tip = target === ports.repository && first !== undefined ? first : await target.open();
  // All are decided at once, to read what they need together. It is known then which go, and these are done one by one.
  const attempt = await attemptOn(tip, { count: 0, unclear: false }, { target, run, includes: isOfIt });
  const looked = attempt.done(undefined);
  const apps = looked.decisions.filter(isGoing).map(({ intent }) => intent.app);
  if (request.plan) return looked;
  const isSet = request.set || looked.candidates.some((one) => one.environment.set === true);
  const units = isSet ? [apps] : apps.map((app) => [app]);
  const waiting = waitsElsewhere({ target, proposals: ports.proposing.of(target) }, { environment, base: tip.branch });
  const decided = new Map<AppName, Decision>();
  const failed = new Map<AppName, GluError>();
  let closed: GluError | undefined;
  const branches = new Map<AppName, RefName>();
  for (const unit of units.filter(({ length }) => length > 0)) {
    for (const app of unit) branches.set(app, proposalBranch(environment, unit));
    try {
      if (closed !== undefined) throw closed;
      for (const one of await proposeUnit(target, run, tip, { environment, apps: unit, waiting }))
        decided.set(one.intent.app, one);
    } catch (error) {
      // What was proposed before it stands and is told. The others are not kept from it by one, unless nobody answers.
      if (!(error instanceof GluError)) throw error;
      if (error.kind === "outside") closed = error;
      for (const app of unit) failed.set(app, error);
    }
  }
  const [why] = failed.values();
  if (why !== undefined && failed.size === apps.length) throw why;
  const decisions = looked.decisions
    .filter(({ intent }) => !failed.has(intent.app))
    .map((one) => decided.get(one.intent.app) ?? one);
  const told = await tidyAfter({ ...looked, decisions }, { target, run, environment, base: tip.branch, branches });
  return {
    ...looked,
    decisions,
    notices: [...looked.notices, ...told],
    undecided: [...looked.undecided, ...[...failed].map(([app, error]) => ({ app, environment, error }))],
  };
}

interface Proposed {
  target: ConfigRepository;
  run: Run;
  environment: EnvName;
  base: RefName;
  /** Of apps that this run proposes. */
  branches: ReadonlyMap<AppName, RefName>;
}

/** Puts away what is left of other proposals of the apps that were decided on; where all were, of any. */
async function tidyAfter(
  { decisions, candidates, state, configTip }: GroupResult,
  { target, run: { request, ports }, environment, base, branches }: Proposed,
): Promise<string[]> {
  const pipeline = await ports.loadPipeline(configTip);
  const apps = new Set<string>(candidates.map(({ app }) => app.name));
  const own = new Set(branches.values());
  const isAll = request.apps.length === 0;
  return tidyProposals({
    ...{ target, base, pipeline, decisions, proposals: ports.proposing.of(target), logger: ports.logger },
    folder: proposalFolder(environment),
    includes: (branch) => !own.has(branch) && (isAll || mayBringOneOf(branch, environment, apps)),
    isHere: (name) => isHereIn(target, name, pipeline, ports),
    config: configFor(target, ports),
    branchOf: ({ intent }) => branches.get(intent.app),
    current: (app, name) => (apps.has(app) && name === environment ? state.current(app, name)?.artifact.id : undefined),
  });
}
