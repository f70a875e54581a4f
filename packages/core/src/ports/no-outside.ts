import { OutsideError } from "../errors.ts";
import type { Outside } from "./outside.ts";

/** Where nothing can be asked: gates that look outside hold. */
export const noOutside: Outside = {
  http: { ask: () => nobody("An HTTP server") },
  commands: { run: () => nobody("A command") },
  workflows: { find: () => nobody("A workflow"), start: () => nobody("A workflow") },
  actors: { isIn: () => nobody("A forge") },
  checks: { of: () => nobody("A forge") },
  approvals: {
    ofProposal: () => nobody("A forge"),
    ofSource: () => nobody("A forge"),
    ofRun: () => nobody("A forge"),
    authors: () => nobody("A forge"),
  },
  functions: { call: () => nobody("A function") },
  secret: () => undefined,
  redact: (text) => text,
};

async function nobody(what: string): Promise<never> {
  throw new OutsideError("outside/none", `${what} cannot be asked here.`, {
    fix: "Run promote or reconcile in the pipeline of the config repository.",
  });
}
