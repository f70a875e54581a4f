import type { Rejection, ReleaseRecord } from "../model/record.ts";
import { isPending } from "../verify/with-verdict.ts";

/**
 * Whether two states of a record differ only in what was seen of the current release: what became of it, when it was
 * merged, and that it is rejected where it failed. Pure.
 */
export function isVerdict(before: ReleaseRecord | undefined, after: ReleaseRecord | undefined): boolean {
  const [was, is] = [before?.current, after?.current];
  if (!before || !after || !was || !is || is.verification === undefined) return false;
  if (!isPending({ ...was, releasedAt: was.releasedAt ?? is.releasedAt })) return false;
  if (was.releasedAt !== null && was.releasedAt !== is.releasedAt) return false;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const unseen = { state: "committed", verifiedAt: undefined, verification: undefined, releasedAt: null } as const;
  if (!same({ ...was, ...unseen }, { ...is, ...unseen }) || !same(before.history, after.history)) return false;
  const others = (all: readonly Rejection[]) => all.filter(({ artifact }) => artifact !== is.artifact.id);
  const isRejected = after.rejected.some(({ artifact }) => artifact === is.artifact.id);
  const wasRejected = before.rejected.some(({ artifact }) => artifact === is.artifact.id);
  return same(others(before.rejected), others(after.rejected)) && (isRejected === wasRejected || is.state === "failed");
}
