import { RefusedError } from "../errors.ts";
import { isIn, type People, whoMay } from "../gates/people.ts";
import { frozenOnSchedule } from "../gates/window.ts";
import { startedByManifests } from "../manifests/why-not-started.ts";
import type { App, Environment, Pipeline } from "../model/pipeline.ts";
import { inForce } from "../model/record.ts";
import type { Outside } from "../ports/outside.ts";
import type { RemoveRequest, Standing } from "./options.ts";
import { placeInWords } from "./place-in-words.ts";

/**
 * Refuses to take an app out of an environment while that would not last, or while something holds the place.
 * @throws RefusedError `remove/would-return`, `remove/proposed`, `remove/pinned`, `remove/frozen`, `remove/actor`
 */
export async function assertRemovable(
  request: RemoveRequest,
  { app, environment, pin, freezes }: Standing,
  { pipeline, outside, now }: { pipeline: Pipeline; outside: Outside; now: number },
): Promise<void> {
  const place = placeInWords(request);
  const why = app && environment && returns(app, environment);
  if (why !== undefined && app !== undefined) {
    throw new RefusedError("remove/would-return", `${place} would come back with the next run: ${why}.`, {
      seen: why,
      fix: `Name under apps.${app.name}.environments in ${pipeline.file} the environments that it still goes through, then remove it.`,
    });
  }
  if (environment?.propose !== undefined && !request.directly) {
    throw new RefusedError("remove/proposed", `Changes of ${environment.name} are proposed, and a removal is not.`, {
      fix: "Give --strategy commit to write it to the config branch at once, if the token may.",
    });
  }
  if (environment !== undefined) await assertAllowed(request, environment, outside);
  if (pin !== undefined && inForce(pin, now) && !request.override.includes("pin")) {
    throw new RefusedError("remove/pinned", `${place} is pinned by ${pin.actor.name}: ${pin.reason}.`, {
      seen: pin.artifact,
      fix: "Lift the pin with 'glu unpin', or pass it with --override pin and a --reason.",
    });
  }
  const frozen = freezes.find((freeze) => inForce(freeze, now));
  if (frozen !== undefined && !request.override.includes("freeze")) {
    throw new RefusedError("remove/frozen", `${frozen.scope} is frozen by ${frozen.actor.name}: ${frozen.reason}.`, {
      seen: frozen.scope,
      fix: "End the freeze with 'glu unfreeze', or pass it with --override freeze and a --reason.",
    });
  }
  if (environment === undefined || request.override.includes("freeze")) return;
  for (const { place: planned, reason, until } of await frozenOnSchedule(environment, now)) {
    const why = reason === undefined ? "" : `: ${reason}`;
    throw new RefusedError("remove/frozen", `${environment.name} is frozen by ${planned} of ${pipeline.file}${why}.`, {
      seen: environment.name,
      fix: `${until === undefined ? "Change it" : `Wait until ${until}, change it`}, or pass it with --override freeze and a --reason.`,
    });
  }
}

/** What puts it there again by itself; undefined when only a request does. */
function returns(app: App, environment: Environment): string | undefined {
  if (!app.environments.includes(environment.name)) return undefined;
  if (environment.policy.length > 0) return `the policy of ${environment.name} promotes it there`;
  if (environment.auto !== undefined) {
    return `${environment.name} takes by itself what ${environment.from?.environments.join(" and ") ?? "is newest"} has`;
  }
  return startedByManifests(app, environment) ? `the manifests of its artifacts may promote it there` : undefined;
}

/** Who may not promote there may not take anything out of there, either. */
async function assertAllowed({ actor }: RemoveRequest, environment: Environment, outside: Outside): Promise<void> {
  for (const { name, options } of environment.gates) {
    if (name !== "actor") continue;
    const people = options as People;
    const look = { outside, signal: new AbortController().signal };
    if (actor.verified && (await isIn(actor.name, people, look))) continue;
    throw new RefusedError("remove/actor", `${actor.name} may not change ${environment.name}.`, {
      seen: actor.verified ? actor.name : `${actor.name}, and no forge vouches for that name`,
      fix: `Let it be asked for by ${whoMay(people)}, in a pipeline of the config repository.`,
    });
  }
}
