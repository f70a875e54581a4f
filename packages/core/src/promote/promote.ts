import { GluError, UserError } from "../errors.ts";
import { assertOverride } from "../gates/break-glass.ts";
import { standingGates } from "../gates/gates.ts";
import { attend } from "../judge/attend.ts";
import type { Decision, Undecided } from "../model/decision.ts";
import { shortRef } from "../model/names.ts";
import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { nothingToRollBack } from "../rollback/resolve-rollbacks.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { type Candidate, candidatesOf, mayStart } from "./candidates.ts";
import { type Group, type PromoteResult, resultOf, startMemory } from "./groups.ts";
import { nothingToPromote } from "./intents.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";
import { assertOneWay, isOn, promoteBy, waysOf } from "./ways.ts";

/**
 * Promotes artifacts of one or several apps into one or several environments. Intents are independent; those that pass
 * share one commit per repository and branch; with `set` they move together or not at all.
 * @throws GluError when the request itself is wrong or an outside system fails; nothing was written then, or what was
 * written is complete and a re-run finds it.
 */
export async function promote(asked: PromoteRequest, ports: PromotePorts): Promise<PromoteResult> {
  // Before anything is read: a wrong input must not cost a round trip.
  const selector = parseArtifactSelector(asked.artifact);
  assertOverride(asked, [...standingGates, ...ports.gates]);
  const { memory, damaged } = startMemory(ports);
  const { repository, logger } = ports;
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const tip = await repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const request =
    asked.apps.length > 0 || selector.kind === "latest"
      ? asked
      : { ...asked, apps: [(await memory.reader.appOf([...pipeline.apps.values()], selector)).name] };
  const candidates = candidatesOf(pipeline, request);
  assertSomeoneGoesThrough(request, candidates, pipeline);
  const targets = targetsOf(candidates, ports);
  if (request.set && targets.length > 1) {
    throw new UserError("promote/set-across-repositories", "A set must lie in one repository and branch.", {
      seen: targets.map((target) => `${target.location} ${target.branch}`),
      fix: "Promote each repository's environments by a run of its own, or put them into one repository.",
    });
  }
  const steps = targets.flatMap((target) => {
    const there = candidates.filter(({ environment }) => ports.repositoryOf(environment) === target);
    return waysOf(there).map((way) => ({ target, way, own: there.filter((one) => mayStart(one) && isOn(one, way)) }));
  });
  if (request.set) assertOneWay(steps.map(({ way }) => way));
  const groups: Group[] = [];
  const undecided: Undecided[] = [];
  let first: Snapshot | undefined = tip;
  for (const { target, way, own } of steps) {
    try {
      const group = await promoteBy(way, target, { request, ports, memory, first });
      groups.push({ ...group, target });
      undecided.push(...group.undecided);
      if (target !== repository || group.commit !== undefined) first = undefined;
    } catch (error) {
      first = undefined;
      // What fails in one repository is said of its places; what was written to others stays, and is told.
      if (!(error instanceof GluError) || request.set) throw error;
      undecided.push(...own.map(({ app, environment }) => ({ app: app.name, environment: environment.name, error })));
    }
  }
  const decisions = groups.flatMap((group) => group.decisions);
  if (decisions.length === 0 && undecided[0] !== undefined) throw undecided[0].error;
  if (decisions.length === 0 && request.environments.length > 0) {
    if (request.rollback !== undefined) {
      const reasons = groups.flatMap(({ passedOver }) => passedOver.map(({ reason }) => reason));
      throw nothingToRollBack(request, reasons);
    }
    throw nothingToPromote(`no app has an artifact that ${request.environments.join(" or ")} takes`, "--app <app>");
  }
  undecided.push(...withoutAnything(request, candidates, decisions, undecided));
  const result = await resultOf({ groups, undecided, damaged, pipeline, ports, memory, plan: request.plan });
  result.notices.push(...(await attend(candidates, request, ports, memory)).notices);
  return result;
}

/** Environments that were asked for by name, and got nothing: never a green run that did less than it was asked to. */
function withoutAnything(
  { environments, apps, automatic }: PromoteRequest,
  candidates: readonly Candidate[],
  decisions: readonly Decision[],
  undecided: readonly Undecided[],
): Undecided[] {
  if (automatic === true) return [];
  const told = new Set([
    ...decisions.map(({ intent }) => intent.environment),
    ...undecided.map((one) => one.environment),
  ]);
  return environments.flatMap((name): Undecided[] => {
    const place = candidates.find(({ environment }) => environment.name === name);
    if (place === undefined || told.has(place.environment.name)) return [];
    const filter = apps.length === 0 ? "--app <app>" : `--app ${place.app.name}`;
    const error = nothingToPromote(`no app has an artifact that ${name} takes`, filter);
    return [{ app: place.app.name, environment: place.environment.name, error }];
  });
}

function assertSomeoneGoesThrough(
  request: PromoteRequest,
  candidates: readonly { environment: Environment }[],
  pipeline: Pipeline,
): void {
  const empty = request.environments.find((name) => candidates.every(({ environment }) => environment.name !== name));
  if (empty === undefined) return;
  throw new UserError("config/not-a-member", `No app goes through ${empty}.`, {
    seen: empty,
    fix: `Add it to the environments of an app in ${pipeline.file}, or name another environment.`,
  });
}

/** The repositories that something may be written to; one that is only read must not be able to stop the others. */
function targetsOf(candidates: readonly Candidate[], { repository, repositoryOf }: PromotePorts): ConfigRepository[] {
  const all = new Set(candidates.map(({ environment }) => repositoryOf(environment)));
  const written = new Set(candidates.filter(mayStart).map(({ environment }) => repositoryOf(environment)));
  return [...all].filter((target) => target === repository || written.has(target) || written.size === 0);
}
