import type { PromoteRequest, PromoteResult } from "@glu/core";
import type { PromotionReport } from "@glu/report";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Surroundings } from "../surroundings.ts";
import { boardNotices, runningOf } from "./running.ts";

/** What a run decided, as a report tells it. */
export function reportOf(
  result: PromoteResult,
  request: Pick<PromoteRequest, "plan" | "request" | "actor" | "reason">,
  { repository }: Pick<ConfigConnection, "repository">,
  { advisory, surroundings }: { advisory: PromotionReport["advisory"]; surroundings: Surroundings },
): PromotionReport {
  const isHere = ({ location, branch }: { location: string; branch: string }) =>
    location === repository.location && branch === repository.branch;
  // The last one first.
  const [here, ...earlier] = result.commits.filter(isHere);
  return {
    kind: "promotion",
    result: result.result,
    decisions: result.decisions,
    passedOver: result.passedOver,
    undecided: result.undecided,
    ...(result.verified === undefined || result.verified.length === 0 ? {} : { verified: result.verified }),
    sources: result.sources,
    pipeline: {
      environments: [...result.pipeline.environments.values()],
      running: runningOf(result.board, result.pipeline, surroundings.clock.now()),
    },
    configLocation: repository.location,
    branch: repository.branch,
    commit: here?.commit,
    earlierCommits: earlier.map((one) => one.commit),
    commitsElsewhere: result.commits.filter((one) => !isHere(one)),
    advisory,
    plan: request.plan,
    request: request.request,
    actor: request.actor,
    reason: request.reason,
    cost: costOf(repository.cost(), surroundings),
    links: linksOf(repository.location, surroundings),
    now: surroundings.clock.now(),
    notices: [...result.notices, ...boardNotices(result.board)],
  };
}
