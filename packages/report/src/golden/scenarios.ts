// What the golden files show. Test data: nothing of it is shipped.
import type { Report } from "../report.ts";
import { overridden, promoted, mixed, partly, plan, tested, reconciled, stillHeld, none } from "./promotions.ts";
import { created, status, history, explanation, explanationReady, pipelineDrawn, pipelineRunning } from "./overviews.ts";

import { comparison } from "./comparisons.ts";
import { rolledBack } from "./rollbacks.ts";
import { verified } from "./verified.ts";

export const scenarios: Record<string, Report> = { promoted, overridden, "rolled-back": rolledBack, verified, mixed, partly, tested, plan, none, reconciled, "still-held": stillHeld, "artifact-created": created, "status-of-many": status, history, comparison, explanation, "explanation-ready": explanationReady, graph: pipelineDrawn, "graph-running": pipelineRunning };
export { mixed, promoted };
export { now, bytes, artifact, release, links, met, decision } from "./parts.ts";
