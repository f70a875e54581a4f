import type { ConfigRepository, Snapshot } from "../ports/config-repository.ts";
import type { Attempt, Tries } from "../transact.ts";
import { type AttemptOptions, attemptPromotion, type GroupResult } from "./attempt.ts";
import type { Candidate } from "./candidates.ts";
import type { PromotePorts, PromoteRequest } from "./options.ts";
import type { RunMemory } from "./run-memory.ts";

export type { GroupResult } from "./attempt.ts";

/** Which of the candidates are decided on. */
export type Includes = (candidate: Candidate) => boolean;

export interface Run {
  request: PromoteRequest;
  ports: PromotePorts;
  memory: RunMemory;
  /** The config tip that was opened already. */
  first: Snapshot | undefined;
}

export interface AttemptAt extends Pick<AttemptOptions, "proposal" | "standing"> {
  target: ConfigRepository;
  run: Run;
  includes: Includes;
}

/** Decides on one tip of a repository, with the config as it is now. */
export async function attemptOn(
  onto: Snapshot,
  tries: Tries,
  { target, run, includes, proposal, standing }: AttemptAt,
): Promise<Attempt<GroupResult>> {
  const { request, ports, memory, first } = run;
  // The config, and a freeze of everything, may have changed since the attempt before, or the group before.
  const opened = tries.count === 0 ? first : undefined;
  const configTip = target === ports.repository ? onto : (opened ?? (await ports.repository.open()));
  const pipeline = await ports.loadPipeline(configTip);
  const deciding = { request, ports, memory, target, configTip, pipeline, includes, proposal, standing };
  return attemptPromotion(onto, tries, deciding);
}
