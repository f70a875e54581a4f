import type { Outcome } from "./outcome.ts";

/** What a command has to say that did nothing, and rightly so: a notice, a summary, and JSON with the reason. */
export function nothingDone(notice: string): Outcome {
  return {
    exitCode: 0,
    outputs: { result: "none" },
    notices: [notice],
    report: {
      kind: "page",
      schema: "glu.notice.v1",
      result: "none",
      tone: "note",
      headline: notice,
      columns: [],
      rows: [],
      data: { notice },
    },
  };
}
