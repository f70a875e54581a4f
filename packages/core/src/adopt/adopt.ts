import { GluError, UserError } from "../errors.ts";
import { shortRef } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { type Candidate, candidatesOf } from "../promote/candidates.ts";
import { ArtifactReader } from "../select/artifact-reader.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { transact } from "../transact.ts";
import { askedOnce } from "./asked-once.ts";
import { attemptAdoption } from "./attempt.ts";
import type { Adoption, AdoptOutcome, AdoptPorts, AdoptRequest, AdoptResult } from "./options.ts";

/**
 * Writes a record for every app and environment that has none, from what its files say now. Nothing but records is
 * written, one commit for each repository and branch; a record that is there is never touched. Of a place of which it
 * cannot be told what runs there it says why and what helps; the others are adopted all the same.
 * @throws GluError when the request is wrong or nothing could be looked at
 */
export async function adopt(request: AdoptRequest, asked: AdoptPorts): Promise<AdoptResult> {
  refuseLatest(request);
  const ports = { ...asked, registry: askedOnce(asked.registry) };
  const { repository, logger } = ports;
  const notices: string[] = [];
  const reader = new ArtifactReader(ports.storesOf, ports.readArtifactFile, (text) => notices.push(text));
  logger.progress(`Reading ${shortRef(repository.branch)} of ${repository.location}`);
  const first = await repository.open();
  const pipeline = await ports.loadPipeline(first);
  const apps = await appsOf(request, reader, [...pipeline.apps.values()]);
  const candidates = candidatesOf(pipeline, { apps, environments: request.environments });
  await readAhead(request, reader, [...new Set(candidates.map(({ app }) => app))]);
  const targets = [...new Set(candidates.map(({ environment }) => ports.repositoryOf(environment)))];
  const places: Adoption[] = [];
  const commits: AdoptResult["commits"] = [];
  let failure: GluError | undefined;
  for (const target of targets) {
    const own = candidates.filter(({ environment }) => ports.repositoryOf(environment) === target);
    try {
      const done = await adoptIn(target, first, { request: { ...request, apps }, ports, reader });
      places.push(...done.places);
      if (done.commit !== undefined) {
        commits.push({ location: target.location, branch: target.branch, commit: done.commit });
      }
    } catch (error) {
      if (!(error instanceof GluError)) throw error;
      failure ??= error;
      places.push(...own.map((one) => unreadable(one, error)));
    }
  }
  if (failure !== undefined && places.every(({ kind }) => kind === "unknown")) throw failure;
  // In the order of the config again.
  const order = new Map(candidates.map(({ app, environment }, index) => [`${app.name}\0${environment.name}`, index]));
  const orderOf = ({ app, environment }: Adoption) => order.get(`${app}\0${environment}`) ?? 0;
  places.sort((a, b) => orderOf(a) - orderOf(b));
  return {
    result: outcomeOf(places, request),
    plan: request.plan,
    places,
    commits,
    notices: [...new Set(notices)],
    pipeline,
  };
}

/** `latest` is what is to run; what runs is looked for. */
function refuseLatest({ artifact }: AdoptRequest): void {
  if (artifact === undefined || parseArtifactSelector(artifact).kind !== "latest") return;
  throw new UserError("input/artifact", "What runs is not known as latest.", {
    seen: artifact,
    fix: "Name the artifact by its id, its digest or the path of its JSON, or leave it out.",
  });
}

/** A named artifact says whose it is. */
async function appsOf(
  { apps, artifact }: AdoptRequest,
  reader: ArtifactReader,
  declared: Parameters<ArtifactReader["appOf"]>[0],
): Promise<readonly string[]> {
  const selector = parseArtifactSelector(artifact ?? "latest");
  if (apps.length > 0 || selector.kind === "latest") return apps;
  return [(await reader.appOf(declared, selector)).name];
}

/** A named artifact that is not there must stop the run, and those of many apps are asked for together. */
async function readAhead({ artifact }: AdoptRequest, reader: ArtifactReader, apps: readonly App[]): Promise<void> {
  const selector = parseArtifactSelector(artifact ?? "latest");
  if (selector.kind === "latest") return reader.expect(apps);
  for (const app of apps) await reader.one(app, selector);
}

async function adoptIn(
  target: ConfigRepository,
  first: Snapshot,
  { request, ports, reader }: { request: AdoptRequest; ports: AdoptPorts; reader: ArtifactReader },
) {
  const { clock, logger } = ports;
  const own = target === ports.repository;
  let commit: AdoptResult["commits"][number]["commit"] | undefined;
  const places = await transact(
    { repository: target, clock, logger, first: own ? first : undefined },
    async (tip, tries) => {
      const configTip = own ? tip : tries.count === 0 ? first : await ports.repository.open();
      const pipeline = await ports.loadPipeline(configTip);
      const attempt = await attemptAdoption(tip, tries, { request, ports, reader, target, configTip, pipeline });
      return {
        commit: attempt.commit,
        done: (made) => {
          const done = attempt.done(made);
          commit = done.commit;
          return done.places;
        },
      };
    },
  );
  return { places, commit };
}

function unreadable({ app, environment }: Candidate, error: GluError): Adoption {
  const { code, message, fix = "Mend it, and run again." } = error;
  return { app: app.name, environment: environment.name, kind: "unknown", code, reason: message, fix, found: [] };
}

function outcomeOf(places: readonly Adoption[], { plan }: AdoptRequest): AdoptOutcome {
  if (places.some(({ kind }) => kind === "unknown")) return "incomplete";
  if (places.some(({ kind }) => kind === "adopted")) return plan ? "planned" : "adopted";
  return "unchanged";
}
