import { type Actors, type ConfigRepository, GluError, type Pipeline, shortRef } from "@glu/core";
import type { Finding } from "@glu/forges";
import { askingAt, type ForgeAccess } from "../forge-outside.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import { hostOf } from "../repositories/host-of.ts";

/** Environments of one repository and branch. */
interface Place {
  repository: ConfigRepository;
  direct: string[];
  proposing: string[];
}

/** What the forges say of each repository and branch that the environments are in: they are asked only to read. */
export async function lookAtForges(
  connected: ConfigConnection,
  pipeline: Pipeline | undefined,
  access: Omit<ForgeAccess, "location">,
): Promise<Finding[]> {
  const places = placesOf(connected, pipeline);
  const found = await Promise.all(
    places.map(async (place) => {
      const findings = await lookAt(place, { ...access, location: connected.repository.location });
      if (place.repository === connected.repository) return findings;
      return findings.map((one) => ({
        ...one,
        check: `${one.check} (${[...place.direct, ...place.proposing].join(", ")})`,
      }));
    }),
  );
  return found.flat();
}

/** Without a config that can be read, the config repository alone. */
function placesOf({ repository, repositoryOf }: ConfigConnection, pipeline: Pipeline | undefined): Place[] {
  const places = new Map<ConfigRepository, Place>([[repository, { repository, direct: [], proposing: [] }]]);
  for (const environment of pipeline?.environments.values() ?? []) {
    const at = repositoryOf(environment);
    const place = places.get(at) ?? { repository: at, direct: [], proposing: [] };
    places.set(at, place);
    (environment.propose === undefined ? place.direct : place.proposing).push(environment.name);
  }
  return [...places.values()];
}

/** What stops one look does not stop the others. */
async function lookAt(place: Place, access: ForgeAccess): Promise<Finding[]> {
  try {
    return await askAbout(place, access);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return [{ check: "forge", state: "error", seen: `${error.message} (${error.code})`, fix: error.fix ?? "" }];
  }
}

async function askAbout({ repository, direct, proposing }: Place, access: ForgeAccess): Promise<Finding[]> {
  const { location } = repository;
  const { surroundings, token } = access;
  // A path on this machine is on no forge.
  if (hostOf(location) === undefined) return [];
  const asking = askingAt(access, location);
  if (asking?.token === undefined) {
    const seen = asking === undefined ? `which forge ${location} lies on is not known here` : "there is no token";
    const fix =
      asking === undefined
        ? "Run it in a job of that forge, or say of which kind it is: GLU_FORGE=github, gitlab or gitea."
        : "Set GLU_TOKEN, or give an App.";
    return [{ check: "forge", state: "unseen", seen, fix }];
  }
  // An environment's own repository is known to be there only when it is opened.
  const { branch } = await repository.open();
  const place = token.app?.placeOf(location, surroundings);
  const granted = place && (await token.app?.granted(place, surroundings));
  const { createActors, diagnose } = await import("@glu/forges");
  const about = { branch: shortRef(branch), direct, proposing, source: token.source };
  const found = await diagnose(asking, granted === undefined ? about : { ...about, granted });
  const isAccepted = found.some(({ check, state }) => check === "token" && state === "ok");
  if (proposing.length === 0 || !isAccepted) return found;
  const [first, ...others] = found;
  return [...(first === undefined ? [] : [first]), await identityOf(createActors(asking)), ...others];
}

/** Whose the token is: what another one proposed is not changed. */
async function identityOf(actors: Pick<Actors, "self">): Promise<Finding> {
  const check = "identity";
  try {
    return { check, state: "ok", seen: `${await actors.self()}; proposals are known by who opened them`, fix: "" };
  } catch (error) {
    // What it keeps from working is told by other checks.
    if (!(error instanceof GluError)) throw error;
    return { check, state: "unseen", seen: error.message, fix: error.fix ?? "" };
  }
}
