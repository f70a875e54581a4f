import {
  type CommitStatus,
  isHeld,
  type JudgeResult,
  judgeRef,
  type Merging,
  shortRef,
  statusContext,
} from "@glu/core";
import { linksOf } from "../links.ts";
import { nothingDone } from "../nothing-done.ts";
import { type Outcome, page } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import { repositoryNameOf } from "../repositories/locate.ts";
import type { Repositories } from "../repositories/repositories.ts";
import { hostOf } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";
import { decisionPorts } from "./decision-ports.ts";
import type { ReconcileInputs } from "./reconcile.ts";

/**
 * What a reconciliation does on a pull request and in a merge queue: it says whether the commit may be merged, by the
 * statuses `glu/<environment>`, and promotes nothing.
 */
export async function judgeThere(
  inputs: ReconcileInputs,
  merging: Merging,
  { connection, repositories }: { connection: ConfigConnection; repositories: Repositories },
  surroundings: Surroundings,
): Promise<Outcome> {
  const { context, clock } = surroundings;
  const isHere = ({ location }: { location: string }) =>
    repositoryNameOf(location, context.serverUrl)?.toLowerCase() === context.repository.toLowerCase() &&
    (context.serverUrl === undefined || hostOf(location) === new URL(context.serverUrl).host);
  const ports = await decisionPorts(connection, repositories, surroundings);
  const result = await judgeRef({ ...merging, plan: inputs.plan, isHere }, ports);
  const short = merging.commit.slice(0, 7);
  if (result.kind === "elsewhere") {
    return nothingDone(
      `${short} is to be merged into ${shortRef(merging.into)} of ${context.repository}, where nothing is proposed to: there is nothing to judge.`,
    );
  }
  if (result.kind === "moved") {
    return nothingDone(`${shortRef(merging.ref)} is no longer at ${short}: its newer commit is judged by its own run.`);
  }
  return outcomeOf(
    result,
    inputs,
    surroundings,
    linksOf(connection.repository.location, surroundings).commit?.(merging.commit),
    clock.now(),
  );
}

const words: Readonly<Record<CommitStatus["state"], string>> = {
  success: "may be merged",
  pending: "waits",
  failure: "may not be merged",
};

function outcomeOf(
  { marked, unmarked, warnings }: Extract<JudgeResult, { kind: "judged" }>,
  { onHeld, plan }: ReconcileInputs,
  { context, logger }: Surroundings,
  url: string | undefined,
  at: number,
): Outcome {
  const { commit, verdicts, proposal } = marked;
  const held = isHeld(marked);
  const failed = unmarked.filter(({ what }) => what === "status").map(({ error }) => error.exitCode);
  // A fork's token may not mark commits, which is no fault of the contributor's.
  const couldNot = context.fork ? 0 : Math.max(0, ...failed);
  const result = held ? "held" : "none";
  const shown = page(
    {
      schema: "glu.proposal-status.v1",
      result,
      tone: held ? "warning" : "ok",
      headline: `${proposal === undefined ? commit.slice(0, 7) : `#${proposal.number}`} ${held ? "may not be merged now" : "may be merged"}`,
      columns: ["Status", "Result", "Why"],
      rows: verdicts.map(({ environment, state, description }) => [
        statusContext(environment),
        words[state],
        description,
      ]),
      data: {
        commit,
        url: url ?? null,
        at: new Date(at).toISOString(),
        plan,
        proposal: proposal === undefined ? null : { number: proposal.number, url: proposal.url },
        statuses: verdicts.map(({ environment, state, description }) => {
          return { context: statusContext(environment), environment, state, description };
        }),
      },
    },
    couldNot > 0 ? couldNot : held && onHeld === "fail" ? 3 : 0,
  );
  if (!context.fork) for (const warning of warnings) logger.warning(warning);
  const forked = "This run is of a pull request from a fork, whose token may not mark its commit:";
  return {
    ...shown,
    outputs: { result },
    notices: warnings.map((text) => (context.fork ? `${forked} ${text}` : text)),
  };
}
