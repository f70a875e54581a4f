import { type CiContext, UserError } from "@glu/core";
import type { previewDown as downCommand, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import type { Connected } from "./preview.ts";

type Inputs = InputsOf<typeof downCommand>;
type Mode = NonNullable<Inputs["mode"]>;

/** `glu preview down`: what it is to be about, by its mode, else by the event. */
export async function goDown(inputs: Inputs, connected: Connected): Promise<Outcome> {
  const { context } = connected.surroundings;
  const mode = modeOf(inputs, context);
  checkMode(inputs, mode);
  const { app } = inputs;
  if (mode === "sweep") {
    const { sweep } = await import("./preview-sweeping.ts");
    return sweep({ ...inputs, app: app === undefined ? [] : [app] }, connected);
  }
  const branch = mode === "close" && inputs.number === undefined ? goneBranchOf(context) : undefined;
  if (branch !== undefined) {
    const { downWithBranch } = await import("./preview-branch.ts");
    return downWithBranch({ ...inputs, branch }, connected);
  }
  if (app === undefined) throw noApp();
  const { down } = await import("./previewing.ts");
  return down({ ...inputs, app, mode }, connected);
}

export const noApp = (): UserError =>
  new UserError("input/app-missing", "Whose preview is to go is not known here.", { fix: "Give app." });

/** The mode that was given, else the one that the event means. @throws UserError `preview/no-number` */
export function modeOf(
  { mode, number }: Pick<Inputs, "mode" | "number">,
  { pull, goneBranch, hostEvent }: Pick<CiContext, "pull" | "goneBranch" | "hostEvent">,
): Mode {
  if (mode !== undefined) return mode;
  if (number !== undefined) return "command";
  if (pull !== undefined || goneBranch !== undefined) return "close";
  throw new UserError("preview/no-number", "Which pull request is meant is not known here.", {
    seen: hostEvent,
    fix: "Give its number, or let the job run on pull requests. A job by a schedule takes down what was left behind: mode: sweep.",
  });
}

/**
 * The branch that was deleted: an event says so, or a job of GitLab's runs in a pipeline of that branch, which stops its
 * environment.
 */
function goneBranchOf({ pull, goneBranch, host, run }: CiContext): string | undefined {
  return pull === undefined ? (goneBranch ?? (host === "gitlab" ? run.branch : undefined)) : undefined;
}

function checkMode({ number, force }: Pick<Inputs, "number" | "force">, mode: Mode): void {
  if (mode === "sweep" && number !== undefined) {
    throw new UserError("preview/mode", "A sweep is of all pull requests, and a number was given.", {
      seen: number,
      fix: "Leave number out, or mode: sweep.",
    });
  }
  if (mode !== "sweep" && force) {
    throw new UserError("preview/mode", "There is nothing that force could do here.", {
      seen: mode,
      fix: "Leave force out: it is for mode: sweep.",
    });
  }
}
