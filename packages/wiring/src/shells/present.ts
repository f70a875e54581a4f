import { GluError } from "@glu/core";
import type { Annotation, Host, Report as HostReport } from "@glu/hosts";
import {
  annotations,
  type Flavor,
  type PageReport,
  type Report,
  renderHtml,
  renderMarkdown,
  renderText,
  toJson,
} from "@glu/report";
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
  await attempt(host, () => host.setOutputs(outcome.outputs));
  if (report === undefined) return;
  await attempt(host, () => host.writeSummary(formsOf(report, host, style)));
  if (report.kind !== "promotion") return;
  // GitLab shows annotations as links only; elsewhere the summary has these.
  const links = host.name === "gitlab" ? externalLinks(report) : [];
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

function formsOf(report: Report, host: Host, style: Style): HostReport {
  return {
    markdown: renderMarkdown(report, { flavor: flavors[host.name] }),
    html: renderHtml(report),
    text: renderText(report, style),
    json: JSON.stringify(toJson(report), null, 2),
  };
}

/** Says what went wrong, and gives the exit code: an expected error without a stack, a bug with one. */
export async function presentFailure(
  error: unknown,
  host: Host,
  format: "text" | "json" | "markdown" = "text",
): Promise<number> {
  if (error instanceof GluError) {
    // A terminal shows the line alone; in CI people look at the summary first.
    const inSummary = format !== "text" || host.name !== "terminal";
    const shown = inSummary && (await attempt(host, () => showFailure(error, host)));
    const said = format === "text" && (await attempt(host, () => host.annotate([annotationOf(error)])));
    if (!shown && !said) host.fail(`${error.code}: ${error.message} ${error.fix ?? ""}`);
    return error.exitCode;
  }
  const text =
    error instanceof Error ? (error.stack ?? error.message) : `A value was thrown that is no error: ${String(error)}`;
  host.fail(`This is a bug in Glu. Please report it with this text.\n${text}`);
  return 1;
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
  await host.writeSummary(formsOf(report, host, { color: false, width: 120 }));
}
