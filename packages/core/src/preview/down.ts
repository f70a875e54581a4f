import type { FileChange } from "../model/decision.ts";
import { instant, type RepoPath } from "../model/names.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { commitMessage } from "../records/trailers.ts";
import { type Attempt, transact } from "../transact.ts";
import { type DownVerdict, mayGoDown, type Standing } from "./clock.ts";
import { previewKey } from "./names.ts";
import type { DownRequest, DownResult, PreviewPorts } from "./options.ts";
import { readStanding } from "./state.ts";
import { takeDown } from "./take-down.ts";
import { trailerOf } from "./trailer.ts";

type DownPorts = Pick<PreviewPorts, "repository" | "pulls" | "clock" | "logger" | "first">;

/**
 * Takes a preview down: deletes what was recorded of it and writes its tombstone, also where there is none yet, since the
 * job that makes one may come late.
 */
export async function previewDown(request: DownRequest, ports: DownPorts): Promise<DownResult> {
  const { repository, clock, logger, first } = ports;
  return transact({ repository, clock, logger, first }, (tip) => attempt(request, tip, ports));
}

async function attempt(request: DownRequest, tip: Snapshot, ports: DownPorts): Promise<Attempt<DownResult>> {
  const live = await ports.pulls?.find(request.number);
  const standing = await readStanding(tip, request);
  const { preview } = standing;
  const now = ports.clock.now();
  const event = request.event ?? { clock: latest(standing) ?? now, isOwn: false };
  const verdict = mayGoDown(standing, event, { live, byName: request.because === "command" });
  if (!verdict.may) return nothing(verdict, preview);
  const changes = await deletions(preview, tip);
  const state = preview === undefined ? "closed" : "removed";
  const result = { state, refusal: undefined, preview, changes } as const;
  if (request.plan) return { commit: undefined, done: () => ({ ...result, commit: undefined }) };
  const going = { clock: verdict.clock, because: request.because, now };
  const { app, number } = request;
  const subject = preview === undefined ? "Note that preview is closed:" : "Take down preview of";
  return {
    commit: {
      message: commitMessage(`${subject} ${app} ${previewKey(number)}`, [], [trailerOf(request, "preview-down")]),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: takeDown(request, preview, going, request),
    },
    done: (commit) => ({ ...result, commit }),
  };
}

/** The time of what stands there: whoever asks without an event means just that. */
function latest({ preview, tombstone }: Standing): number | undefined {
  const known = preview ?? tombstone;
  return known === undefined ? undefined : instant(known.clock);
}

function nothing(verdict: DownVerdict & { may: false }, preview: DownResult["preview"]): Attempt<DownResult> {
  const is = { commit: undefined, preview, changes: [] };
  if (verdict.why === "before") {
    return { commit: undefined, done: () => ({ ...is, state: "unchanged", refusal: undefined }) };
  }
  const refusal = { ...refusals[verdict.why], seen: verdict.seen };
  return { commit: undefined, done: () => ({ ...is, state: "refused", refusal }) };
}

const refusals = {
  open: { code: "preview/open", fix: "Close the pull request, or ask for it by name: 'glu preview down'." },
  overtaken: {
    code: "preview/overtaken",
    fix: "Nothing is to be done: it was opened again, or somebody pushed, after that.",
  },
} as const;

async function deletions(preview: DownResult["preview"], tip: Snapshot): Promise<FileChange[]> {
  const paths = (preview?.files ?? []).map(({ path }) => path as RepoPath);
  const there = await tip.read(paths);
  return paths.flatMap((path): FileChange[] => {
    const file = there.get(path);
    return file === undefined
      ? []
      : [{ path, before: file.kind === "file" ? file.content : undefined, after: undefined }];
  });
}
