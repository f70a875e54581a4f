import { type ArtifactContent, identify } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import { type Artifact, artifactSchema, artifactSchemaId, type Run } from "../model/artifact.ts";
import { timestamp } from "../model/names.ts";
import type { App } from "../model/pipeline.ts";
import { nameOfPart, type SourcePart } from "../model/source.ts";
import type { SourcePorts } from "../ports/source-ports.ts";
import { type FoundVersion, sourceItems } from "./find-version.ts";
import type { Apart, Facts } from "./kind.ts";
import { kindOf } from "./kinds.ts";
import { compilePattern } from "./pattern.ts";
import { buildNumber } from "./select.ts";
import { latest } from "./times.ts";

/**
 * The artifact of a version of a source. The same version of the same source gives the same artifact, whenever it is
 * looked at: only `created` differs, which is not part of its identity.
 * @param now milliseconds since the epoch
 * @throws what the ports throw; UserError `source/invalid`
 */
export async function makeArtifact(
  app: App,
  versions: readonly [FoundVersion, ...FoundVersion[]],
  ports: SourcePorts,
  now: number,
): Promise<Artifact | Apart> {
  const facts = await Promise.all(
    versions.map(({ part, listed, pinned }) => kindOf(part).read(part, listed, pinned, { app, ports })),
  );
  const apart = facts.find((one) => "apart" in one);
  if (apart !== undefined) return apart;
  const all = facts.filter((one): one is Facts => !("apart" in one));
  const [first] = all as [Facts];
  const [{ part }] = versions;
  const text = (await compilePattern(part.pattern))(versions[0].listed.name);
  const run = runOf(part, text);
  // The order of artifacts is that of their tags: it must be the one by which this version was found to be the newest.
  const tag = part.order.kind === "semver" && part.pattern !== undefined ? { tag: text } : {};
  const content: ArtifactContent = {
    schema: artifactSchemaId,
    app: app.name,
    created: timestamp(now),
    version: { event: "tag", branch: "", ...first.version, ...tag, repositoryName: nameOfPart(part) },
    // What does not say when it was made was made at the beginning: not now, which would differ from run to run.
    committedAt: latest(all.flatMap(({ committedAt }) => committedAt ?? [])) ?? timestamp(0),
    images: Object.assign({}, ...all.map(({ images }) => images)),
    context: {},
    environments: [],
    items: sourceItems(versions),
    vars: Object.assign({}, ...all.map(({ vars }) => vars)),
    ...(run === undefined ? {} : { run }),
  };
  const { artifact } = identify(content);
  assertValid(artifact, nameOfPart(part));
  return artifact;
}

/** Builds have a number, by which artifacts are ordered as runs of one workflow are. */
function runOf(part: SourcePart, text: string | undefined): Run | undefined {
  if (part.order.kind !== "build") return undefined;
  const number = Number(buildNumber(text ?? "", part.order.as));
  if (Number.isSafeInteger(number)) return { host: "source", workflow: nameOfPart(part), number };
  throw new UserError("source/invalid", `The build ${text} of ${nameOfPart(part)} is too large a number to order by.`, {
    seen: text,
    fix: `Let the first group of pattern take fewer digits: at most ${Number.MAX_SAFE_INTEGER}.`,
  });
}

/** Names and texts are what others gave them. */
function assertValid(artifact: Artifact, source: string): void {
  const parsed = artifactSchema.safeParse(artifact);
  if (parsed.success) return;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new UserError("source/invalid", `A version of ${source} makes no artifact: ${where}: ${issue?.message}.`, {
    seen: where,
    fix: "Leave this version out with ignore.",
  });
}
