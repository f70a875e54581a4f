import {
  type Announced,
  type PromotePorts,
  type PromoteRequest,
  type PromoteResult,
  waitForMerges,
  waitForVerdicts,
} from "@glu/core";

export interface Waiting {
  /** Milliseconds. */
  patience: number;
  request: PromoteRequest;
  ports: PromotePorts;
  /** Tells people of what was released. */
  tell(of: PromoteResult): Promise<Announced | undefined>;
}

/**
 * Waits as long as is wanted, first until what was proposed is merged, then until what is released is verified, and
 * tells people of each: a deployment is in progress until it is verified.
 */
export async function waited(
  promoted: PromoteResult,
  { patience, request, ports, tell }: Waiting,
): Promise<{ result: PromoteResult; told: Announced | undefined }> {
  const started = ports.clock.now();
  const merged = await waitForMerges(promoted, { ports, patience });
  const told = await tell(merged);
  const left = Math.max(0, patience - (ports.clock.now() - started));
  const result = await waitForVerdicts(merged, { request, ports, patience: left });
  if (result === merged) return { result, told };
  const later = await tell({ ...result, decisions: result.decisions.slice(merged.decisions.length) });
  return { result, told: both(told, later) };
}

/** What was said twice is told as it was said last. */
function both(first: Announced | undefined, second: Announced | undefined): Announced | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const earlier = first.told.filter((one) => !second.told.some(({ what }) => what === one.what));
  return { told: [...earlier, ...second.told], warnings: [...new Set([...first.warnings, ...second.warnings])] };
}
