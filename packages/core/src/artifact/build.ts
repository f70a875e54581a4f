import { GluError, UserError } from "../errors.ts";
import {
  type Artifact,
  artifactSchema,
  artifactSchemaId,
  type Image,
  type Item,
  imageRef,
  type Manifest,
  type Run,
  type Version,
} from "../model/artifact.ts";
import type { CiContext } from "../model/ci-context.ts";
import { type AppName, type ArtifactId, type Digest, timestamp } from "../model/names.ts";
import type { ArtifactStore, Stored } from "../ports/artifact-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Registry } from "../ports/registry.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import { type ArtifactContent, identify } from "./digest.ts";

/** An image as it was asked for: a tag without a digest is resolved in the registry. */
export interface ImageRequest {
  key: string;
  name: string;
  tag: string | undefined;
  digest: Digest | undefined;
}

export interface BuildArtifactRequest {
  app: AppName;
  images: readonly ImageRequest[];
  items: readonly Item[];
  vars: Readonly<Record<string, string>>;
  manifests: readonly Manifest[];
  /** Make it and show it, store nothing. */
  dryRun: boolean;
  /** Artifacts that pruning must leave, because records name them; undefined when that is not known. */
  keep: readonly ArtifactId[] | undefined;
}

export interface BuildArtifactPorts {
  context: CiContext;
  source: SourceRepository | undefined;
  registry: Registry;
  store: ArtifactStore;
  clock: Clock;
}

/** `ignored`: the event makes no artifact. `planned`: a dry run. `exists`: an earlier run of this job stored it. */
export type BuildArtifactResult =
  | { result: "ignored"; reason: string }
  | { result: "stored" | "exists" | "planned"; artifact: Artifact; digest: Digest; storeRef: string | undefined };

/** Makes the artifact of this run and stores it. A re-run makes the same one and says `exists`. */
export async function buildArtifact(
  request: BuildArtifactRequest,
  ports: BuildArtifactPorts,
): Promise<BuildArtifactResult> {
  const { context, store, clock } = ports;
  const { event } = context;
  if (event === undefined) {
    return {
      result: "ignored",
      reason: `The event ${context.hostEvent} of ${context.host} makes no release artifact${context.ignored === undefined ? "" : `: ${context.ignored}`}.`,
    };
  }
  const { version, committedAt } = await versionOf(event, ports);
  const run = runOf(context);
  const content: ArtifactContent = {
    schema: artifactSchemaId,
    app: request.app,
    created: timestamp(clock.now()),
    version,
    committedAt,
    images: await resolveImages(request.images, ports.registry),
    context: context.variables,
    environments: [...request.manifests],
    items: [...request.items],
    vars: { ...request.vars },
    ...(run === undefined ? {} : { run }),
  };
  const { artifact, digest } = identify(content);
  assertValid(artifact);
  if (request.dryRun) return { result: "planned", artifact, digest, storeRef: undefined };
  const stored: Stored = await store.put(artifact, request.keep);
  return { result: stored.kind, artifact, digest, storeRef: stored.ref };
}

async function versionOf(
  event: NonNullable<CiContext["event"]>,
  { context, source }: BuildArtifactPorts,
): Promise<{ version: Version; committedAt: string }> {
  const commit = await source?.commit(context.version.sha).catch((error: unknown) => {
    // On a fork's pull request that is a right which the contributor does not have: whoever called knows what to do.
    if (context.fork || !(error instanceof GluError) || error.kind !== "usage") throw error;
    throw noCommit(context, error);
  });
  const sha = context.version.sha ?? commit?.sha;
  const committedAt = commit?.committedAt ?? context.committedAt;
  if (sha === undefined || committedAt === undefined) {
    throw noCommit(context);
  }
  const remote = context.repository === "" ? await source?.remote() : undefined;
  const repositoryName = context.version.repositoryName ?? (context.repository || remote?.name);
  if (repositoryName === undefined) {
    throw new UserError("source/no-repository", "The name of the source repository cannot be read.", {
      fix: "Run it in a working copy with a remote named origin.",
    });
  }
  const fromCommit = commit && {
    authorName: commit.author.name,
    authorEmail: commit.author.email,
    committerName: commit.committer.name,
    committerEmail: commit.committer.email,
    message: commit.message,
  };
  const branch = context.version.branch ?? (context.version.tag === undefined ? await source?.branch() : undefined);
  const facts = { ...fromCommit, ...context.version };
  // Git and GitLab end a message with its last line's end, GitHub does not: without it the hosts agree.
  const message = facts.message === undefined ? {} : { message: facts.message.trimEnd() };
  const version = { ...facts, ...message, repositoryName, sha, branch: branch ?? "", event };
  return { version, committedAt: timestamp(Date.parse(committedAt)) };
}

/** A checkout of a pull request is of its merge, one commit deep: its head is not there. */
function noCommit({ host, version: { sha, event } }: CiContext, cause?: GluError): UserError {
  const deeper =
    host === "gitlab"
      ? "Set GIT_DEPTH to 20 or more, with GIT_STRATEGY fetch or clone"
      : "Give actions/checkout `ref: ${{ github.event.pull_request.head.sha }}` or `fetch-depth: 2`";
  const fix =
    sha === undefined || event !== "pr"
      ? "Check out the repository before this step (actions/checkout), or run it inside the working copy."
      : `${deeper}, or a token to this step that may read the repository.`;
  const why = cause === undefined ? "" : ` ${cause.message}`;
  const what =
    sha === undefined
      ? "The source commit and its time cannot be read."
      : `The source commit ${sha} is not in the working copy, and it cannot be fetched.`;
  return new UserError("source/no-commit", `${what}${why}`, { seen: sha, fix, cause });
}

function runOf({ host, run }: CiContext): Run | undefined {
  if (run.id === undefined) return undefined;
  const { id, number, attempt, workflow, url } = run;
  return {
    host,
    id,
    ...(number === undefined ? {} : { number }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(url === undefined ? {} : { url }),
  };
}

async function resolveImages(requests: readonly ImageRequest[], registry: Registry): Promise<Record<string, Image>> {
  const images = await Promise.all(
    requests.map(async ({ key, name, tag, digest }): Promise<[string, Image]> => {
      if (digest === undefined && tag === undefined) {
        throw new UserError("image/no-version", `The image ${key} (${name}) has neither a tag nor a digest.`, {
          seen: name,
          fix: `Give ${key}=${name}:<tag>@sha256:<digest>; a tag alone is resolved in the registry.`,
        });
      }
      const resolved = digest ?? (await registry.resolve(name, tag ?? ""));
      const ref = imageRef({ name, tag, digest: resolved });
      return [key, { name, ...(tag === undefined ? {} : { tag }), digest: resolved, ref }];
    }),
  );
  const seen = new Set<string>();
  for (const [key] of images) {
    if (seen.has(key)) {
      throw new UserError("image/duplicate", `The image ${key} is given twice.`, {
        seen: key,
        fix: "Give each image a key of its own.",
      });
    }
    seen.add(key);
  }
  return Object.fromEntries(images);
}

/** What came from outside must fit the published schema before it is stored for good. */
function assertValid(artifact: Artifact): void {
  const parsed = artifactSchema.safeParse(artifact);
  if (parsed.success) return;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new UserError("artifact/invalid", `The artifact would be invalid: ${where}: ${issue?.message}.`, {
    seen: where,
    fix: "Change the input that this comes from.",
  });
}
