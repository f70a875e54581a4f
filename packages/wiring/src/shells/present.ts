import { GluError } from "@glu/core";
import type { Annotation, Host } from "@glu/hosts";
import { annotations, type Flavor, renderHtml, renderMarkdown, renderText, toJson } from "@glu/report";
import type { Outcome } from "../outcome.ts";

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
  await host.setOutputs(outcome.outputs);
  const { report } = outcome;
  if (report === undefined) return;
  try {
    await host.writeSummary({
      markdown: renderMarkdown(report, { flavor: flavors[host.name] }),
      html: renderHtml(report),
      text: renderText(report, style),
      json: JSON.stringify(toJson(report), null, 2),
    });
    if (report.kind === "promotion") await host.annotate(annotations(report));
  } catch (error) {
    host.logger.warning(`The summary could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Says what went wrong, and gives the exit code: an expected error without a stack, a bug with one. */
export async function presentFailure(
  error: unknown,
  host: Host,
  format: "text" | "json" | "markdown" = "text",
): Promise<number> {
  if (error instanceof GluError) {
    if (format === "json") await host.writeSummary(failureReport(error));
    else await host.annotate([annotationOf(error)]);
    return error.exitCode;
  }
  const text =
    error instanceof Error ? (error.stack ?? error.message) : `A value was thrown that is no error: ${String(error)}`;
  host.fail(`This is a bug in Glu. Please report it with this text.\n${text}`);
  return 1;
}

function annotationOf({ code, message, fix, at }: GluError): Annotation {
  return { level: "error", title: code, message: fix === undefined ? message : `${message} ${fix}`, ...at };
}

function failureReport({ code, message, fix, seen, at }: GluError) {
  const json = JSON.stringify(
    { schema: "glu.error.v1", result: "error", code, message, seen: seen ?? null, fix: fix ?? null, at: at ?? null },
    null,
    2,
  );
  return { markdown: "", html: "", text: "", json };
}
