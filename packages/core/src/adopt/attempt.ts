import { type EditTools, foreseePaths } from "../edit/edit.ts";
import type { Artifact } from "../model/artifact.ts";
import { type Sha, timestamp } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { emptyRecord, type Release, recordPath, type Written, withRelease } from "../model/record.ts";
import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import { type Candidate, candidatesOf } from "../promote/candidates.ts";
import { findRequest } from "../promote/find-request.ts";
import { quietLabel, versionLabel } from "../promote/release.ts";
import { encodeDocument } from "../records/documents.ts";
import { commitMessage, oneLine, trailersOf } from "../records/trailers.ts";
import type { ArtifactReader } from "../select/artifact-reader.ts";
import { parseArtifactSelector } from "../select/artifact-selector.ts";
import { Tips } from "../state/tips.ts";
import type { Attempt, Tries } from "../transact.ts";
import { adoptPlace } from "./adopt-place.ts";
import type { Adoption, AdoptPorts, AdoptRequest } from "./options.ts";

export interface AttemptAdoptionOptions {
  request: AdoptRequest;
  ports: AdoptPorts;
  reader: ArtifactReader;
  /** The repository written to. */
  target: ConfigRepository;
  configTip: Snapshot;
  pipeline: Pipeline;
}

/** What was found in one repository, and the commit that has the records. */
export interface AdoptedHere {
  places: Adoption[];
  commit: Sha | undefined;
}

/** Looks at all places of one repository on one tip, and makes one commit of the records that are missing. */
export async function attemptAdoption(
  tip: Snapshot,
  { unclear }: Pick<Tries, "unclear">,
  options: AttemptAdoptionOptions,
): Promise<Attempt<AdoptedHere>> {
  const { request, ports, target, configTip, pipeline } = options;
  const { repository: config, repositoryOf } = ports;
  const candidates = candidatesOf(pipeline, request).filter(({ environment }) => repositoryOf(environment) === target);
  const tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf });
  const tools: EditTools = { editors: ports.editors, templates: ports.templates, configFile: pipeline.file };
  await tips.load(
    candidates.map(({ app, environment }) => ({ app: app.name, environment: environment.name })),
    candidates.flatMap(({ app, environment }) => foreseePaths(app, environment, tools)),
  );
  const state = tips.state();
  const places: Adoption[] = [];
  const made: Adopted[] = [];
  let arrived: Sha | undefined;
  for (const { app, environment } of candidates) {
    const found = await adoptPlace(
      { app, environment, tip: tips.own, tools },
      {
        state,
        artifacts: () => artifactsOf(app, options),
        locations: () => ports.storesOf(app).map(({ location }) => location),
        named: request.artifact !== undefined,
        maker: request.allowUnknown
          ? { registry: ports.registry, location: target.location, tip, request: request.request }
          : undefined,
      },
    );
    const place = { app: app.name, environment: environment.name };
    if (found.kind === "found") {
      const { origin, artifact, writes } = found;
      const release = releaseOf(artifact, writes, tip, options);
      made.push({ ...place, kind: "adopted", origin, release });
      places.push({ ...place, kind: "adopted", origin, release });
    } else if (unclear && found.kind === "recorded" && found.release?.request === request.request) {
      // A push of this run whose answer was lost.
      const origin = found.release.artifact.version.repositoryName === target.location ? "files" : "store";
      places.push({ ...place, kind: "adopted", origin, release: found.release });
      arrived ??= (await findRequest(tip, { request: request.request, ...place }))?.commit;
    } else places.push(found);
  }
  if (request.plan || made.length === 0) return { commit: undefined, done: () => ({ places, commit: arrived }) };
  return {
    commit: {
      message: messageOf(made),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: made.map(({ app, environment, release }) => ({
        path: recordPath(app, environment),
        content: encodeDocument(withRelease(emptyRecord(app, environment), release)),
      })),
    },
    done: (commit) => ({ places, commit }),
  };
}

async function artifactsOf(app: Candidate["app"], { request, reader }: AttemptAdoptionOptions): Promise<Artifact[]> {
  const selector = parseArtifactSelector(request.artifact ?? "latest");
  return selector.kind === "latest" ? reader.all(app) : [await reader.one(app, selector)];
}

/** When it was released is not known. That it runs is known from now on: a time in which it was not seen counts for nothing. */
function releaseOf(
  artifact: Artifact,
  writes: Written[],
  tip: Snapshot,
  { request, ports }: AttemptAdoptionOptions,
): Release {
  const at = timestamp(ports.clock.now());
  return {
    request: request.request,
    kind: "adopted",
    artifact,
    decidedOn: tip.commit,
    actor: request.actor,
    ...(request.reason === undefined ? {} : { reason: oneLine(request.reason, "The reason") }),
    decidedAt: at,
    releasedAt: at,
    state: "committed",
    writes,
    superseded: [],
    ...(artifact.trace === undefined ? {} : { trace: { traceparent: artifact.trace.traceparent } }),
  };
}

type Adopted = Extract<Adoption, { kind: "adopted" }>;

function messageOf(adopted: readonly Adopted[]): string {
  const label = ({ release }: Adopted) => quietLabel(versionLabel(release.artifact));
  const [first] = adopted;
  const subject =
    adopted.length === 1 && first !== undefined
      ? `Adopt ${first.app} in ${first.environment}: ${label(first)}`
      : `Adopt what runs in ${adopted.length} places`;
  return commitMessage(
    subject,
    adopted.map((one) => `${one.app} in ${one.environment}: ${label(one)}`),
    adopted.map(({ app, environment, release }) => trailersOf(app, environment, release)),
  );
}
