import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { UserError } from "../errors.ts";
import { type Artifact, artifactSchema, type Trace } from "../model/artifact.ts";
import type { ArtifactId, Digest } from "../model/names.ts";

/** What an artifact says before it has an identity. */
export type ArtifactContent = Omit<Artifact, "id" | "trace">;

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

/**
 * SHA-256 of the canonical JSON (RFC 8785) without `id`, `created`, `signatures`, `trace` and the run's attempt: what
 * a re-run of the same job changes is not part of the identity.
 * @throws UserError `artifact/malformed`
 */
export function digestOf(artifact: ArtifactContent | Artifact): Digest {
  const { id: _id, trace: _trace, created: _created, signatures: _signatures, run, ...rest } = artifact as Artifact;
  const { attempt: _attempt, ...stableRun } = run ?? { host: "" };
  const canonical = canonicalJson(run === undefined ? rest : { ...rest, run: stableRun });
  return `sha256:${sha256(canonical).toString("hex")}` as Digest;
}

/** Numbers beyond JSON's, half characters and bottomless nesting have no canonical form; items may hold anything. */
function canonicalJson(value: object): string {
  try {
    return canonicalize(value) ?? "";
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError("artifact/malformed", `The artifact has no canonical JSON (RFC 8785): ${why}.`, {
      fix: "Look for a number too large, a broken character or very deep nesting in its items, manifests and vars.",
      cause,
    });
  }
}

/**
 * Whether two artifacts are one. An id has 48 bits of the digest: two artifacts that share one are made in minutes, so
 * what somebody may have made is never compared by it alone.
 */
export function sameArtifact(a: Artifact, b: Artifact): boolean {
  return a === b || (a.id === b.id && digestOf(a) === digestOf(b));
}

/** `<source committer time, UTC, yyyymmddthhmmssz>-<first 12 hex digits of the digest>`: sorts, and is found by digest. */
export function idOf(committedAt: string, digest: Digest): ArtifactId {
  const time = `${new Date(committedAt).toISOString().slice(0, 19).replace(/[-:]/g, "").toLowerCase()}z`;
  return `${time}-${digest.slice("sha256:".length, "sha256:".length + 12)}` as ArtifactId;
}

/**
 * The delivery trace of an artifact, which any job that knows the digest can compute: trace id = first 16 bytes of
 * SHA-256(`glu/deliver/v1\0` + digest) with the version and variant bits of a UUIDv8 (RFC 9562, 5.8), so that the
 * CDEvents chain id is the same id with dashes. The root span is the build's.
 */
export function traceOf(digest: Digest): Trace {
  const bytes = sha256(`glu/deliver/v1\0${digest}`).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const trace = bytes.toString("hex");
  const span = sha256(`glu/deliver/v1/build\0${digest}`).subarray(0, 8).toString("hex");
  const chainId = trace.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { traceparent: `00-${trace}-${span}-01`, chainId };
}

/** The artifact with its id and trace. */
export function identify(content: ArtifactContent): { artifact: Artifact; digest: Digest } {
  const digest = digestOf(content);
  const { schema, ...rest } = content;
  return { artifact: { schema, id: idOf(content.committedAt, digest), ...rest, trace: traceOf(digest) }, digest };
}

/**
 * An artifact read from outside, as a typed value whose digest matches its id. Its trace follows from the digest and is
 * computed, never believed. `created` stands outside the digest and can be any time: on it depends which of two
 * artifacts of one commit, or of one second, is the newer one, and what a template writes as `artifact.created`.
 * @param source where it was read, for the message
 * @throws UserError `artifact/malformed` or `artifact/tampered`
 */
export function verifyArtifact(value: unknown, source: string): { artifact: Artifact; digest: Digest } {
  const parsed = artifactSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      "artifact/malformed",
      `${source} is not an artifact: ${issue?.path.join(".") || "the document"}: ${issue?.message ?? "unreadable"}.`,
      { seen: issue?.path.join("."), fix: "Give an artifact that 'build-artifact' or 'glu artifact create' made." },
    );
  }
  const artifact = parsed.data;
  const digest = digestOf(artifact);
  const expected = idOf(artifact.committedAt, digest);
  if (artifact.id !== expected) {
    throw new UserError("artifact/tampered", `${source} says it is ${artifact.id}, but its content is ${expected}.`, {
      seen: artifact.id,
      fix: "It was changed after it was made. Build the artifact again from its commit; do not edit artifacts.",
    });
  }
  return { artifact: { ...artifact, trace: traceOf(digest) }, digest };
}
