import { createHash } from "node:crypto";
import {
  type App,
  type Artifact,
  type ArtifactStore,
  buildArtifact,
  type Clock,
  checkManifest,
  type Digest,
  type EventName,
  type Item,
  type Manifest,
  timestamp,
} from "@glu/core";

/** A build as an event tells it. What is left out is made up, the same in every run. */
export interface BuildOptions {
  app: string;
  /** What people call it: the tag of its images. Default: the Git tag, else the number of the build. */
  version?: string | undefined;
  /** Default: `main`, unless there is a tag. */
  branch?: string | undefined;
  tag?: string | undefined;
  /** Default: `tag` with a tag, else `push`. */
  event?: EventName | undefined;
  /** The commit's message. */
  message?: string | undefined;
  /** `owner/name` of the source. Default: the declared one. */
  repository?: string | undefined;
  vars?: Readonly<Record<string, string>> | undefined;
  /** What is attached to it when it is made. */
  items?: readonly Readonly<Item>[] | undefined;
  /** The app's own manifests; `app` is this one. */
  manifests?: readonly Readonly<Omit<Manifest, "app"> & { env: string }>[] | undefined;
}

/** As `build-artifact` would refuse it. */
function checked(manifest: Manifest): Manifest {
  return checkManifest(manifest).manifest;
}

/**
 * Makes the artifact of a build as CI would, and stores it.
 * @param number of the run: it orders builds, and makes the commit of each another one
 */
export async function makeArtifact(
  app: App,
  options: BuildOptions,
  { number, store, clock }: { number: number; store: ArtifactStore; clock: Clock },
): Promise<Artifact> {
  const { tag, vars = {} } = options;
  const version = options.version ?? tag ?? `${number}`;
  const branch = options.branch ?? (tag === undefined ? "main" : "");
  const event = options.event ?? (tag === undefined ? "push" : "tag");
  const repositoryName = options.repository ?? app.repository ?? `simulated/${app.name}`;
  const at = clock.now();
  const hash = (kind: string) => createHash(kind).update(JSON.stringify([app.name, version, number]));
  const built = await buildArtifact(
    {
      app: app.name,
      images: Object.entries(app.images).map(([key, name]) => ({
        key,
        name,
        // An image's tag cannot hold all that a Git tag can.
        tag: version
          .replace(/[^\w.-]/g, "-")
          .replace(/^[.-]/, "_")
          .slice(0, 128),
        digest: `sha256:${hash("sha256").update(key).digest("hex")}` as Digest,
      })),
      items: options.items ?? [],
      vars,
      manifests: (options.manifests ?? []).map((one) => checked({ ...one, app: app.name })),
      dryRun: false,
      keep: undefined,
    },
    {
      context: {
        host: "terminal",
        event,
        hostEvent: event,
        repository: repositoryName,
        serverUrl: undefined,
        apiUrl: undefined,
        version: {
          repositoryName,
          sha: hash("sha1").digest("hex"),
          branch,
          ...(tag === undefined ? {} : { tag }),
          ...(options.message === undefined ? {} : { message: options.message }),
        },
        committedAt: timestamp(at),
        fork: false,
        actor: { name: "simulation", verified: true },
        run: {
          id: `${number}`,
          number,
          attempt: 1,
          // Of none that is real: against artifacts that were there before, time decides.
          workflow: "simulated",
          job: undefined,
          matrix: undefined,
          url: undefined,
          branch: undefined,
          defaultBranch: undefined,
        },
        variables: {},
        traceparent: undefined,
      },
      source: undefined,
      registry: {
        resolve: async () => {
          throw new Error("every image of a simulated build has a digest");
        },
      },
      store,
      clock,
    },
  );
  if (built.result === "ignored") throw new Error(`a build that makes no artifact: ${built.reason}`);
  return built.artifact;
}
