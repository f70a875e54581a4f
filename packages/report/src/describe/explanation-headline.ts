import type { Explained } from "@glu/core";
import { clip } from "../clip.ts";
import type { Document } from "../document.ts";
import type { ExplanationReport } from "../report.ts";
import { versionOf } from "../version.ts";
import { explanationNames, nextOf } from "./explanation-place.ts";

/** The short answer, in one line. */
export function explanationHeadline(report: ExplanationReport): Document["headline"] {
  const { app, artifacts, environment, result } = report;
  const next = nextOf(report);
  if (next === undefined) {
    const why = report.none === undefined ? "nothing waits" : clip(report.none, 200);
    return { icon: "none", text: `${app} is not in ${environment}: ${why}` };
  }
  const what = `${app} ${versionOf(next.artifact)}`;
  const icon = result;
  switch (next.decision.result) {
    case "unchanged":
      return report.next === undefined
        ? { icon, text: `${what} runs in ${environment}, and nothing newer waits` }
        : { icon, text: `${what} runs in ${environment}` };
    case "planned":
    case "promoted":
    case "proposed":
      return next.onlyByRequest === undefined
        ? { icon, text: `${what} can go to ${environment}: the next run promotes it` }
        : { icon, text: `${what} can go to ${environment}, when it is asked for` };
    case "held":
    case "refused":
    case "superseded": {
      const stands = report.next === undefined ? `runs in ${environment}` : `is not in ${environment}`;
      const older = artifacts.find(({ artifact }) => artifact.id === report.starts && artifact.id !== report.next);
      const meanwhile = older === undefined ? "" : `; the next run promotes ${versionOf(older.artifact)}`;
      return {
        icon,
        text: `${what} ${stands}: ${clip(explanationNames(report)(whyNot(next)), 200)}${meanwhile}`,
      };
    }
  }
}

/** The reason; where it is only that it has not come so far, where and why it stopped. */
function whyNot(one: Explained): string {
  const stop = stopOf(one);
  if (stop === one) return one.decision.reason;
  const { environment, decision, onlyByRequest } = stop;
  switch (decision.result) {
    case "held":
    case "refused":
      return `it is ${decision.result} on its way, before ${environment}: ${decision.reason}`;
    case "planned":
      return onlyByRequest === undefined
        ? `the next run promotes it to ${environment} first`
        : `it goes to ${environment} first, when it is asked for (${onlyByRequest})`;
    default:
      return one.decision.reason;
  }
}

/** Time upstream cannot begin before it is there. */
const followFrom = new Set(["from", "soak"]);

/** The first environment on the way that has not released it, and waits for no other. */
function stopOf(one: Explained): Explained {
  const [upstream] = one.upstream;
  const waitsOnly = one.decision.gates.every(({ name, met }) => met || followFrom.has(name));
  return upstream === undefined || !waitsOnly ? one : stopOf(upstream);
}
