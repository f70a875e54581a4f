import { type ErrorProblem, GluError } from "@glu/core";
import type { Annotation, Host, Report as HostReport, OutputFormat } from "@glu/hosts";
import type { Flavor, Report } from "@glu/report";
import { withApiUse } from "../cost.ts";
import { explanationOf } from "../documentation.ts";
import type { Outcome } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";

/** How text is shown where it goes. */
export interface Style {
  color: boolean;
  width: number;
}

const flavors: Record<Host["name"], Flavor> = {
  github: "github",
  gitea: "gitea",
  gitlab: "gitlab",
  terminal: "github",
};

/**
 * Says on the host what a command has to say. After the push this is all that can still fail, and it does not undo the
 * release: what cannot be shown is a warning.
 * @param run whose calls of APIs are told with it
 */
export async function present(
  decided: Outcome,
  host: Host,
  style: Style,
  run: Pick<Surroundings, "calls"> = {},
): Promise<void> {
  const outcome = withApiUse(decided, run);
  for (const notice of outcome.notices) host.logger.notice(notice);
  const { report } = outcome;
  await attempt(host, () => host.setOutputs(outcome.outputs));
  if (report === undefined) return;
  await attempt(host, () => writeSummary(report, host, style, outcome.drawing));
  if (report.kind !== "promotion") {
    // At a terminal the report, which stands there already, has it all.
    if (outcome.annotations === undefined || host.name === "terminal") return;
    const { annotations: found } = outcome;
    await attempt(host, () => host.annotate(found));
    return;
  }
  // GitLab shows annotations as links only; elsewhere the summary has these.
  const links = host.name === "gitlab" ? (await import("./external-links.ts")).externalLinks(report) : [];
  const { annotations } = await import("@glu/report/annotations");
  await attempt(host, () => host.annotate([...links, ...annotations(report)]));
}

/** One way of showing what there is to say. That it fails is a warning, and says nothing about the result. */
async function attempt(host: Host, show: () => Promise<void>): Promise<boolean> {
  try {
    await show();
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    host.logger.warning(`What was done could not be reported in full: ${why}`);
    return false;
  }
}

/** What a job's log folds, and under which title: reports that are longer than what people look for in a log. */
const titles: Partial<Record<Report["kind"], string>> = {
  promotion: "Decisions, gates and changes",
  artifact: "What the artifact holds",
};

type RenderText = (style: Style) => string;

function foldedOf(report: Report, render: RenderText) {
  const title = titles[report.kind];
  if (title === undefined) return undefined;
  const [line = ""] = render({ color: false, width: Number.POSITIVE_INFINITY }).split("\n", 1);
  return { line, title };
}

/** What knows of promotions is loaded where something is said of them. */
async function textOf(report: Report): Promise<RenderText> {
  if (report.kind === "page" || report.kind === "file") {
    const { renderPlainText } = await import("@glu/report/plain-text");
    return (style) => renderPlainText(report, style);
  }
  const { renderText } = await import("@glu/report");
  return (style) => renderText(report, style);
}

async function writeSummary(report: Report, host: Host, style: Style, drawing: Outcome["drawing"]): Promise<void> {
  await host.writeSummary(formsOf(report, host, { style, render: await textOf(report) }, drawing));
}

/** Each form is made when the host takes it: a terminal shows one of them. */
function formsOf(
  report: Report,
  host: Host,
  { style, render }: { style: Style; render: RenderText },
  drawing?: Outcome["drawing"],
): HostReport {
  return {
    markdown: async () => {
      const { renderMarkdown } = await import("@glu/report/markdown");
      return renderMarkdown(report, { flavor: flavors[host.name] });
    },
    html: async () => (await import("@glu/report/html")).renderHtml(report),
    get text() {
      return render(style);
    },
    json: async () => JSON.stringify((await import("@glu/report/json")).toJson(report), null, 2),
    get folded() {
      return foldedOf(report, render);
    },
    drawing,
  };
}

/**
 * Says what went wrong, and gives the exit code: an expected error without a stack, a bug with one.
 * @param outputs names of what the command would have told later steps
 */
export async function presentFailure(
  error: unknown,
  host: Host,
  asked: OutputFormat = "text",
  outputs: readonly string[] = [],
): Promise<number> {
  // Nobody draws an error.
  const format = asked === "json" || asked === "markdown" ? asked : "text";
  // GitLab hands the variables of an earlier job on to later ones, unless this job has them too.
  if (host.name === "gitlab") await emptyOutputs(outputs, host);
  if (error instanceof GluError) {
    // A terminal shows the line alone; in CI people look at the summary first.
    const inSummary = format !== "text" || host.name !== "terminal";
    const shown = inSummary && (await attempt(host, () => showFailure(error, host)));
    const said = format === "text" && (await attempt(host, () => host.annotate(annotationsOf(error, host.name))));
    if (!shown && !said) host.fail(`${error.code}: ${error.message} ${error.fix ?? ""}`);
    return error.exitCode;
  }
  const text =
    error instanceof Error ? (error.stack ?? error.message) : `A value was thrown that is no error: ${String(error)}`;
  host.fail(`This is a bug in Glu. Please report it with this text.\n${text}`);
  return 1;
}

async function emptyOutputs(names: readonly string[], host: Host): Promise<void> {
  const empty = Object.fromEntries(names.map((name) => [name, ""]));
  await attempt(host, () => host.setOutputs({ ...empty, result: "error" }));
}

/** A step shows no more of one level (https://docs.github.com/en/rest/checks/runs); the summary lists all. */
const mostAnnotations = 10;

/** Where annotations stand beside the lines that they are about, each mistake has its own; else one says all. */
function annotationsOf({ code, message, fix, at, problems }: GluError, host: Host["name"]): Annotation[] {
  const annotation = (one: Pick<ErrorProblem, "code" | "message" | "fix">, place: GluError["at"]): Annotation => {
    // What has no line is found by its path, which few messages name.
    const path = place?.path;
    const said = path === undefined || one.message.includes(path) ? one.message : `${path}: ${one.message}`;
    // A server's words, which may end a message, have no full stop.
    const text = one.fix === undefined ? said : `${said.replace(/(?<![.!?:…])$/, ".")} ${one.fix}`;
    return { level: "error", title: one.code, message: text, url: explanationOf(one.code), ...shownPlace(place) };
  };
  const beside = host === "github" || host === "gitea";
  if (!beside || at === undefined || problems.length === 0) return [annotation({ code, message, fix }, at)];
  return problems.slice(0, mostAnnotations).map((one) => annotation(one, { ...one, file: at.file }));
}

/** A file, and a line of it where there is one. */
function shownPlace(place: GluError["at"]): Pick<Annotation, "file" | "line" | "column"> {
  if (place === undefined) return {};
  const { file, line, column } = place;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

async function showFailure(error: GluError, host: Host): Promise<void> {
  const { errorPage, withoutSecrets } = await import("./error-page.ts");
  await writeSummary(errorPage(withoutSecrets(error, host.redact)), host, { color: false, width: 120 }, undefined);
}
