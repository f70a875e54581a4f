import { digestOf, sameArtifact } from "../artifact/digest.ts";
import { compareArtifacts } from "../artifact/order.ts";
import type { AncestryReader } from "../decide/ancestry.ts";
import { timestamp } from "../model/names.ts";
import { type Pin, pinPath, type Rejection, type Release, recordPath, withRelease } from "../model/record.ts";
import type { Change } from "../ports/config-repository.ts";
import { encodeDocument } from "../records/documents.ts";
import type { PromoteRequest } from "./options.ts";
import { type Promoted, versionLabel } from "./release.ts";

export interface RecordChangesOptions {
  request: PromoteRequest;
  ancestry: AncestryReader;
  /** Milliseconds since the epoch. */
  now: number;
}

/** The record of what was released; of a rollback what it undid is rejected, and what it went back to is pinned. */
export function recordChanges(promoted: Promoted, options: RecordChangesOptions): Change[] {
  const { intent, release, previous } = promoted;
  const rejections = rejectionsOf(promoted, options);
  const isAgain = (artifact: string) =>
    artifact === intent.artifact.id || rejections.some((one) => one.artifact === artifact);
  const rejected = [...rejections, ...previous.rejected.filter(({ artifact }) => !isAgain(artifact))];
  const record = withRelease({ ...previous, rejected }, release);
  const changes: Change[] = [{ path: recordPath(intent.app, intent.environment), content: encodeDocument(record) }];
  const { pin } = promoted;
  if (pin !== undefined) changes.push({ path: pinPath(intent.app, intent.environment), content: encodeDocument(pin) });
  return changes;
}

/** What a rollback undoes and policies would take again: an older artifact is nothing that they take. */
function rejectionsOf({ intent, release }: Promoted, { request, ancestry, now }: RecordChangesOptions): Rejection[] {
  const undone: Release[] = [];
  for (const one of intent.rollback?.undoes ?? []) {
    if (sameArtifact(one.artifact, intent.artifact)) continue;
    if (undone.some(({ artifact }) => sameArtifact(artifact, one.artifact))) continue;
    const stands = compareArtifacts(one.artifact, intent.artifact, ancestry.ask);
    if (stands.kind !== "older") undone.push(one);
  }
  return undone.map(({ artifact }) => ({
    artifact: artifact.id,
    digest: digestOf(artifact),
    reason: release.reason ?? `rolled back to ${versionLabel(intent.artifact)}`,
    actor: request.actor,
    at: timestamp(now),
    request: request.request,
  }));
}

/** What holds a place at what a rollback goes back to; undefined for what is no rollback, or where nobody wants it. */
export function pinOf(
  { intent, release, previous }: Omit<Promoted, "pin">,
  { request, now }: Pick<RecordChangesOptions, "request" | "now">,
): Pin | undefined {
  const { rollback } = request;
  if (rollback?.pin === undefined || intent.rollback === undefined) return undefined;
  const was = previous.current === null ? "" : ` from ${versionLabel(previous.current.artifact)}`;
  return {
    schema: "glu.pin.v1",
    app: intent.app,
    environment: intent.environment,
    artifact: intent.artifact.id,
    digest: digestOf(intent.artifact),
    reason: release.reason ?? `rolled back${was} to ${versionLabel(intent.artifact)}`,
    actor: request.actor,
    at: timestamp(now),
    ...(rollback.pin.until === undefined ? {} : { until: rollback.pin.until }),
    request: request.request,
  };
}
