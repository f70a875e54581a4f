import type { AppName, ConfigRepository, GluError, Missing, SweepResult, Swept } from "@glu/core";
import { type Cell, count } from "@glu/report";
import { costOf } from "../cost.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { degradedText, placeOf, previewData } from "./preview-outcome.ts";

/** What became of the previews of one repository's pull requests: `result`, or the `error` that kept it from being swept. */
export interface SweptGroup {
  apps: readonly AppName[];
  /** Undefined: it is the config repository, or the config does not declare its apps any more. */
  repository: string | undefined;
  result?: SweepResult;
  error?: GluError;
}

/** What a sweep has to say of all repositories. Its exit code is that of what went wrong in one of them. */
export function sweepOutcome(
  done: readonly SweptGroup[],
  { plan, degraded }: { plan: boolean; degraded: readonly string[] },
  repository: Pick<ConfigRepository, "cost">,
  { surroundings }: Connected,
): Outcome {
  const results = done.flatMap(({ result }) => result ?? []);
  const swept = results.flatMap((one) => one.swept);
  const missing = results.flatMap((one) => one.missing);
  const lacking = results.flatMap((one) => one.lacking);
  const refusals = results.flatMap(({ refusal }) => refusal ?? []);
  const failures = [
    ...done.flatMap(({ apps, repository: of, error }) =>
      error === undefined ? [] : [{ of: of ?? apps.join(", "), error }],
    ),
    ...missing.flatMap((one) => (one.kind === "failed" ? [{ of: placeOf(one.preview), error: one.error }] : [])),
  ];
  const kept = results.reduce((sum, one) => sum + one.kept, 0);
  const commits = results.flatMap(({ commit }) => commit ?? []);
  const isWhole = refusals.length + failures.length === 0;
  const result = resultOf({ refused: refusals.length > 0, isWhole, plan, changed: commits.length > 0 });
  const exitCode = refusals.length > 0 ? 3 : Math.max(0, ...failures.map(({ error }) => error.exitCode));
  const shown = page(
    {
      ...{ schema: "glu.preview-sweep.v1", result, tone: isWhole ? "ok" : "error" },
      headline: headlineOf({
        swept,
        missing,
        kept,
        plan,
        wrong: [...refusals.map(textOf), ...failures.map(failureOf)],
      }),
      columns: ["Preview", "What becomes of it", "Why"],
      rows: [...swept.map((one) => sweptRow(one, plan, commits)), ...missing.map((one) => missingRow(one, plan))],
      data: {
        ...{ commit: commits.at(-1) ?? null, commits, kept, degraded: degradedText(degraded) },
        swept: swept.map(({ preview, because, cause }) => ({ ...previewData(preview), because, cause })),
        missing: missing.map((one) => ({ ...previewData(one.preview), became: one.kind, why: whyOf(one) })),
        lacking,
        refusals: refusals.map(textOf),
        failures: failures.map(({ of, error: { code, message, fix } }) => ({ of, code, message, fix: fix ?? null })),
      },
      cost: costOf(repository.cost(), surroundings),
    },
    exitCode,
  );
  warn({ swept, plan, failures }, surroundings);
  const left = missing.filter((one) => one.kind === "left");
  const notices = [
    ...left.map((one) => `Files of the preview of ${placeOf(one.preview)} are missing, and it is left: ${whyOf(one)}.`),
    ...lacking.map(({ app, numbers }) => lackingText(app, numbers)),
  ];
  const outputs = {
    ...{ result, state: result, commit: commits.at(-1) ?? "", commits: commits.join(",") },
    ...{ swept: listed(swept), missing: listed(missing), kept: String(kept) },
    ...{ reason: refusals[0]?.code ?? failures[0]?.error.code ?? "", degraded: degraded.join("\n") },
  };
  return { ...shown, notices, outputs };
}

const listed = (all: readonly { preview: { app: string; number: number } }[]): string =>
  all.map(({ preview }) => placeOf(preview)).join(",");

function resultOf(of: { refused: boolean; isWhole: boolean; plan: boolean; changed: boolean }): string {
  if (of.refused) return "refused";
  if (!of.isWhole) return "incomplete";
  return of.plan ? "planned" : of.changed ? "swept" : "unchanged";
}

const textOf = ({ seen, fix }: NonNullable<SweepResult["refusal"]>): string => `${seen}. ${fix}`;
const failureOf = ({ of, error }: { of: string; error: GluError }): string => `${of}: ${error.message}`;

interface Headline {
  swept: readonly Swept[];
  missing: readonly Missing[];
  kept: number;
  plan: boolean;
  wrong: readonly string[];
}

function headlineOf({ swept, missing, kept, plan, wrong }: Headline): string {
  const back = missing.filter(({ kind }) => kind === "restored").length;
  const verb = (number: number, goes: [would: string, one: string, more: string]) =>
    `${count(number, "preview")} ${plan ? goes[0] : number === 1 ? goes[1] : goes[2]}`;
  const parts = [
    ...(swept.length === 0 ? [] : [verb(swept.length, ["would go", "is taken down", "are taken down"])]),
    ...(back === 0 ? [] : [verb(back, ["would come back", "is brought back", "are brought back"])]),
  ];
  const [first] = wrong;
  if (first !== undefined) return parts.length === 0 ? `nothing is swept: ${first}` : `${parts.join(", ")}; ${first}`;
  if (parts.length === 0) return `nothing is to be swept: ${count(kept, "preview")}`;
  return `${parts.join(", ")}, ${kept} stay`;
}

function sweptRow({ preview, because, cause }: Swept, plan: boolean, commits: readonly string[]): Cell[] {
  const goes = plan || commits.length === 0 ? "would go" : "taken down";
  return [placeOf(preview), `${goes}: ${because}`, cause];
}

function missingRow(one: Missing, plan: boolean): Cell[] {
  const comes = { restored: plan ? "would come back" : "brought back", left: "left", failed: "not brought back" };
  return [placeOf(one.preview), comes[one.kind], whyOf(one)];
}

function whyOf(one: Missing): string {
  if (one.kind === "restored") return "its files were not as they were written";
  return one.kind === "left" ? one.why : one.error.message;
}

/** More of them say nothing more. */
const mostNumbers = 20;

function lackingText(app: string, numbers: readonly number[]): string {
  const some = numbers.slice(0, mostNumbers).map((number) => `#${number}`);
  const more = numbers.length > mostNumbers ? ` and ${numbers.length - mostNumbers} more` : "";
  return (
    `Open without a preview of ${app}: ${some.join(", ")}${more}. Their jobs were not started, failed, or were not to ` +
    "run. What should run there they alone know: run them again."
  );
}

interface Wrong {
  swept: readonly Swept[];
  plan: boolean;
  failures: readonly { of: string; error: GluError }[];
}

/** What somebody should mend: a close that takes nothing down, a template that cannot be rendered. */
function warn({ swept, plan, failures }: Wrong, { logger }: Connected["surroundings"]): void {
  for (const { preview, because, cause } of swept) {
    if (because === "orphan" && !plan) logger.warning(`${placeOf(preview)} was left behind: ${cause}.`);
  }
  for (const one of failures) {
    logger.warning(`${failureOf(one)}${one.error.fix === undefined ? "" : ` ${one.error.fix}`}`);
  }
}
