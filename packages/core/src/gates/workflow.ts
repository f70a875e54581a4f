import { z } from "zod";
import { duration, formatDuration } from "../model/duration.ts";
import { timestamp } from "../model/names.ts";
import { runKeyOf } from "../model/run-key.ts";
import type { RunKey, WorkflowRun, WorkflowTarget } from "../ports/outside.ts";
import { type Check, defineGate, type FaultsWhere, type GateFault, type Look, met, unmet } from "./gate.ts";

const minute = 60_000;
/** Milliseconds between two looks: short runs are not waited for in vain, and long ones cost few requests. */
const pauses = { first: 5_000, growth: 1.5, longest: 30_000 };
const usualWait = "10m";

const options = z
  .strictObject({
    file: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}\.ya?ml$/, "must be the name of a workflow's file, such as smoke.yml")
      .describe("The workflow's file, such as smoke.yml. Left out on GitLab, where a project has one pipeline.")
      .optional(),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)+$/, "must be owner/name")
      .describe("The repository it is in, owner/name. Without it: the one that the promotion runs in.")
      .optional(),
    ref: z
      .string()
      .regex(/^(?!-|refs\/)[^\s~^:?*[\\]+$/, "must be a branch by its short name, such as main")
      .describe("The branch it runs on; runs on others do not count. Without it: the default branch.")
      .optional(),
    inputs: z
      .record(
        z.string().regex(/^(?!glu-key$)[A-Za-z_][\w-]*$/, "must be an input's name other than glu-key"),
        z.string(),
      )
      .describe("Inputs of the run. {{ … }} stands for a value as in write.")
      .optional(),
    wait: z
      .string("must be a duration such as 10m, or 0s")
      .regex(/^(?=.)(?:\d{1,2}h)?(?:\d{1,3}m)?(?:\d{1,4}s)?$/, "must be a duration such as 10m, or 0s")
      .describe(`How long to wait for the run to end, such as 10m; 0s only looks. Without it: ${usualWait}.`)
      .optional(),
  })
  .describe(
    "A workflow or pipeline that must have succeeded for the artifact, such as { file: smoke.yml }; it is started.",
  );
type Options = z.infer<typeof options>;

/** What became of the run under the key. */
interface Seen {
  key: string;
  /** Undefined: there is none, or it was started and has not been seen yet. */
  run: WorkflowRun | undefined;
  /** What was done for it: it was only looked for, started, or waited for, too. */
  state: "found" | "started" | "awaited";
  /** When it was last looked at, in milliseconds since the epoch. */
  at: number;
  /** It is asked of a release, and not before one. */
  isVerifying: boolean;
}

/**
 * A workflow or pipeline has succeeded for this artifact in this environment, such as a smoke test. Where there is no
 * run yet, one is started. The newest run under the key decides, whoever started it, in this job or a later one. Two
 * jobs that look at the same moment may start one each, which does no harm.
 */
export const workflow = defineGate<Options, Seen>({
  name: "workflow",
  options,
  outcome: "held",
  observes: "acts",
  verifies: true,
  templates: ({ inputs = {} }) => Object.values(inputs),
  faultsIn: faultsInFile,
  timeLimit: (wanted) => waitOf(wanted) + 2 * minute,
  observe: async ({ intent }, _state, wanted, look) => {
    const target: WorkflowTarget = { repository: wanted.repository, workflow: wanted.file, ref: wanted.ref };
    const inputs = Object.fromEntries(
      Object.entries(wanted.inputs ?? {}).map(([name, template]) => [name, look.render(template)]),
    );
    const isVerifying = look.release !== undefined;
    const key = runKeyOf(intent, target, inputs, isVerifying ? intent.request : undefined);
    const { workflows } = look.outside;
    const until = look.clock.now() + waitOf(wanted);
    const found = await workflows.find(target, key, look.signal);
    // For an older artifact nothing is started, and nobody waits.
    if (!look.mayAct) return { key: key.text, run: found, state: "found", at: look.clock.now(), isVerifying };
    const started = found ?? (await workflows.start(target, key, inputs, look.signal));
    const { run, looks } = await followed(target, key, { run: started, until }, look);
    return { key: key.text, run, state: looks > 0 ? "awaited" : "started", at: look.clock.now(), isVerifying };
  },
  check: ({ key, run, state, at, isVerifying }, { file, repository }) => {
    const what = `${file ?? "the pipeline"}${repository === undefined ? "" : ` of ${repository}`}`;
    if (run === undefined) return unseen(what, { key, state, at });
    const link = run.url === undefined ? {} : { url: run.url };
    if (run.state === "succeeded") return met(`${what} succeeded`, link);
    const since = timestamp(run.startedAt);
    if (run.state === "failed") {
      const clearedBy = `running it again, or a new run with the input glu-key: ${key}`;
      // Of a release it is the last word.
      const outcome = isVerifying ? { outcome: "refused" as const } : {};
      return unmet(`${what} failed`, { code: "workflow/failed", since, clearedBy, ...link, ...outcome });
    }
    const age = formatDuration(at - run.startedAt);
    const text = run.state === "waiting" ? `has been waiting for ${age}` : `has been running for ${age}`;
    return unmet(`${what} ${text}`, { code: "workflow/running", since, clearedBy: nextLook, ...link });
  },
});

const folders = [".github/workflows", ".gitea/workflows", ".forgejo/workflows"];

/** What the file lacks to be started and found again. Only one that lies beside the config can be looked at. */
async function faultsInFile({ file, repository, ref }: Options, { text }: FaultsWhere): Promise<GateFault[]> {
  if (file === undefined || repository !== undefined || ref !== undefined) return [];
  const texts = await Promise.all(folders.map((folder) => text(`${folder}/${file}`)));
  const found = texts.find((one) => one !== undefined);
  if (found === undefined) {
    const fix = "Add it there, or say with repository where it is.";
    return [{ level: "note", message: `${file} is not in ${folders[0]} of the config repository`, fix }];
  }
  const missing = ["workflow_dispatch", "glu-key"].filter((word) => !found.includes(word)).map((word) => `no ${word}`);
  if (missing.length === 0) return [];
  const message = `${file} has ${missing.join(" and ")}: it cannot be started, or is not found again`;
  return [{ level: "note", message, fix: "docs/test-before-promoting.md shows what it needs." }];
}

/** What is said where no run is known. */
function unseen(what: string, { key, state, at }: Pick<Seen, "key" | "state" | "at">): Check {
  switch (state) {
    case "found":
      return unmet(`${what} was not run for it`, { code: "workflow/not-run", clearedBy: "promoting it by its name" });
    case "started":
      return unmet(`${what} was started`, { code: "workflow/running", since: timestamp(at), clearedBy: nextLook });
    case "awaited":
      return unmet(`${what} was started, and no run of the name ${key} is found`, {
        code: "workflow/not-seen",
        clearedBy: "its run-name, which must hold glu-key: see docs/test-before-promoting.md",
      });
  }
}

const nextLook = "the next run of promote or reconcile, when it has succeeded by then";

const waitOf = ({ wait = usualWait }: Options): number => duration(wait);

/** Looks again until the run has ended or the time is over. A run that was seen once is not forgotten. */
async function followed(
  target: WorkflowTarget,
  key: RunKey,
  { run: first, until }: { run: WorkflowRun | undefined; until: number },
  { clock, signal, outside }: Look,
): Promise<{ run: WorkflowRun | undefined; looks: number }> {
  let run = first;
  let looks = 0;
  for (let pause = pauses.first; !hasEnded(run); pause = Math.min(pause * pauses.growth, pauses.longest)) {
    const left = until - clock.now();
    if (left <= 0 || signal.aborted) break;
    await clock.sleep(Math.min(pause, left));
    run = (await outside.workflows.find(target, key, signal)) ?? run;
    looks++;
  }
  return { run, looks };
}

const hasEnded = (run: WorkflowRun | undefined): boolean => run?.state === "succeeded" || run?.state === "failed";
