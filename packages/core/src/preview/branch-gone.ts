import type { AppName } from "../model/names.ts";
import type { Preview } from "../model/preview.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import type { Pulls } from "../ports/pulls.ts";
import { commitMessage } from "../records/trailers.ts";
import { type Attempt, transact } from "../transact.ts";
import { called } from "./called.ts";
import type { PreviewPorts, PreviewRequest } from "./options.ts";
import { readAll } from "./state.ts";
import { asOf, placeOf, takeDown } from "./take-down.ts";
import { trailerOf } from "./trailer.ts";

export interface BranchGoneRequest extends Omit<PreviewRequest, "app" | "number"> {
  /** Those of these apps, whose pull requests `pulls` knows. */
  apps: readonly AppName[];
  branch: string;
}

export interface BranchGoneResult {
  state: "removed" | "unchanged";
  commit: string | undefined;
  gone: readonly Preview[];
  /** Those of the branch whose pull request is open all the same. */
  open: readonly Preview[];
}

type BranchGonePorts = Pick<PreviewPorts, "repository" | "clock" | "logger" | "first"> & { pulls: Pick<Pulls, "find"> };

/**
 * Takes down the previews of a branch that was deleted. A forge closes its pull requests then, and no other: what is of an
 * open one stays, be it of a fork whose branch is called alike, or of one whose job was started again long after.
 */
export async function previewsOfGoneBranch(
  request: BranchGoneRequest,
  ports: BranchGonePorts,
): Promise<BranchGoneResult> {
  const { repository, clock, logger, first } = ports;
  return transact({ repository, clock, logger, first }, (tip) => attempt(request, tip, ports));
}

async function attempt(
  request: BranchGoneRequest,
  tip: Snapshot,
  { pulls, clock }: BranchGonePorts,
): Promise<Attempt<BranchGoneResult>> {
  const { previews } = await readAll(tip);
  const gone: { preview: Preview; clock: number }[] = [];
  const open: Preview[] = [];
  for (const preview of previews) {
    // Records of before know no branch: the forge tells it.
    if (!request.apps.includes(preview.app as AppName) || (preview.branch ?? request.branch) !== request.branch)
      continue;
    const live = await pulls.find(preview.number);
    if (live === undefined || (preview.branch ?? live.branch) !== request.branch) continue;
    if (live.isOpen || live.updatedAt < asOf(preview)) open.push(preview);
    else gone.push({ preview, clock: Math.max(live.closedAt ?? 0, asOf(preview)) });
  }
  const result = { gone: gone.map(({ preview }) => preview), open };
  if (gone.length === 0 || request.plan) {
    const state = gone.length === 0 ? "unchanged" : "removed";
    return { commit: undefined, done: () => ({ ...result, state, commit: undefined }) };
  }
  const now = clock.now();
  return {
    commit: {
      message: commitMessage(
        `Take down ${called(result.gone)}`,
        ["The branch was deleted, and the pull request with it closed."],
        result.gone.map(({ app, number }) => trailerOf({ ...request, app: app as AppName, number }, "preview-down")),
      ),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: gone.flatMap(({ preview, clock: at }) =>
        takeDown(placeOf(preview), preview, { clock: at, because: "closed", now }, request),
      ),
    },
    done: (commit) => ({ ...result, state: "removed", commit }),
  };
}
