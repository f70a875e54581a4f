import { GluError } from "@glu/core";
import type { Annotation, Host } from "@glu/hosts";
import { annotations, type Flavor, type PageReport, renderHtml, renderMarkdown, renderText, toJson } from "@glu/report";
import { explanationOf } from "../documentation.ts";
import type { Outcome } from "../outcome.ts";
import { externalLinks } from "./external-links.ts";

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
 */
export async function present(outcome: Outcome, host: Host, style: Style): Promise<void> {
  for (const notice of outcome.notices) host.logger.notice(notice);
  const { report } = outcome;
  try {
    await host.setOutputs(outcome.outputs);
    if (report === undefined) return;
    await host.writeSummary({
      markdown: renderMarkdown(report, { flavor: flavors[host.name] }),
      html: renderHtml(report),
      text: renderText(report, style),
      json: JSON.stringify(toJson(report), null, 2),
    });
    if (report.kind !== "promotion") return;
    // GitLab shows annotations as links only; elsewhere the summary has these.
    const links = host.name === "gitlab" ? externalLinks(report) : [];
    await host.annotate([...links, ...annotations(report)]);
  } catch (error) {
    host.logger.warning(
      `What was done could not be reported in full: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Says what went wrong, and gives the exit code: an expected error without a stack, a bug with one.
 * @param outputs names of what the command would have told later steps
 */
export async function presentFailure(
  error: unknown,
  host: Host,
  format: "text" | "json" | "markdown" = "text",
  outputs: readonly string[] = [],
): Promise<number> {
  // GitLab hands the variables of an earlier job on to later ones, unless this job has them too.
  if (host.name === "gitlab") await emptyOutputs(outputs, host);
  if (error instanceof GluError) {
    // A terminal shows the line alone; in CI people look at the summary first.
    if (format !== "text" || host.name !== "terminal") await showFailure(error, host);
    if (format === "text") await host.annotate([annotationOf(error)]);
    return error.exitCode;
  }
  const text =
    error instanceof Error ? (error.stack ?? error.message) : `A value was thrown that is no error: ${String(error)}`;
  host.fail(`This is a bug in Glu. Please report it with this text.\n${text}`);
  return 1;
}

async function emptyOutputs(names: readonly string[], host: Host): Promise<void> {
  try {
    await host.setOutputs({ ...Object.fromEntries(names.map((name) => [name, ""])), result: "error" });
  } catch (error) {
    // Why the run failed must be said whatever else cannot be.
    host.logger.warning(`The outputs could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function annotationOf({ code, message, fix, at }: GluError): Annotation {
  const text = fix === undefined ? message : `${message} ${fix}`;
  return { level: "error", title: code, message: text, url: explanationOf(code), ...at };
}

async function showFailure({ code, message, fix, seen, at }: GluError, host: Host): Promise<void> {
  const rows: [string, string | undefined][] = [
    ["Code", code],
    [
      "Where",
      at === undefined ? undefined : [at.file, at.line, at.column].filter((part) => part !== undefined).join(":"),
    ],
    ["Fix", fix],
    ["More", explanationOf(code)],
  ];
  const report: PageReport = {
    kind: "page",
    schema: "glu.error.v1",
    result: "error",
    tone: "error",
    headline: message,
    columns: ["Error", ""],
    rows: rows.filter((row): row is [string, string] => row[1] !== undefined),
    data: { code, message, seen: seen ?? null, fix: fix ?? null, at: at ?? null, help: explanationOf(code) },
  };
  await host.writeSummary({
    markdown: renderMarkdown(report, { flavor: flavors[host.name] }),
    html: renderHtml(report),
    text: renderText(report, { color: false, width: 120 }),
    json: JSON.stringify(toJson(report), null, 2),
  });
}
