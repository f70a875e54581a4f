import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Annotation, Host } from "../host.ts";
import { plainLine } from "../output/plain.ts";
import { createSecrets } from "../output/secrets.ts";
import { renderDotenv } from "./dotenv.ts";
import { createTerminalHost, type TerminalHostOptions } from "./terminal.ts";

export interface GitlabHostOptions extends TerminalHostOptions {
  /** Where the reports go, for `artifacts:`. Default `glu-report`. */
  folder?: string;
  /** Milliseconds since the epoch, for the log's sections. */
  now: () => number;
}

/** What lies in the folder. The component's template names these paths. */
export const gitlabReportFiles = {
  summary: "summary.md",
  html: "summary.html",
  result: "result.json",
  outputs: "outputs.json",
  dotenv: "glu.env",
  annotations: "annotations.json",
} as const;

const annotationLimit = 100;

/** A link as `reports:annotations` wants it (https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsannotations). */
function linkOf({ title, message, url }: Annotation): { external_link: { label: string; url: string } }[] {
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return [];
  const label = plainLine(title ?? message).slice(0, 255);
  return [{ external_link: { label, url } }];
}

/**
 * GitLab CI: files for artifacts and reports, since a job has no summary page. Logs as in a terminal, with foldable
 * sections.
 */
export function createGitlabHost(options: GitlabHostOptions): Host {
  const { folder = "glu-report", stderr, now } = options;
  const secrets = createSecrets();
  const terminal = createTerminalHost(options);
  const outputs: Record<string, string> = {};
  const links: ReturnType<typeof linkOf> = [];
  let sections = 0;

  async function put(file: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), secrets.redact(text));
  }

  return {
    ...terminal,
    name: "gitlab",
    mask(secret) {
      secrets.add(secret);
      terminal.mask(secret);
    },
    async setOutputs(more) {
      for (const [name, value] of Object.entries(more)) outputs[name] = secrets.redact(value);
      const { text, left } = renderDotenv(outputs);
      await put(gitlabReportFiles.outputs, `${JSON.stringify(outputs, undefined, 2)}\n`);
      await put(gitlabReportFiles.dotenv, text);
      for (const { name, why } of left) {
        terminal.logger.notice(`The output ${name} is in ${gitlabReportFiles.outputs} only: ${why}.`);
      }
    },
    async writeSummary(report) {
      // First in the log: it is there also when a file cannot be written.
      await terminal.writeSummary(report);
      await put(gitlabReportFiles.summary, report.markdown);
      await put(gitlabReportFiles.html, report.html);
      await put(gitlabReportFiles.result, `${report.json}\n`);
    },
    async annotate(annotations) {
      await terminal.annotate(annotations);
      links.push(...annotations.flatMap(linkOf));
      if (links.length > 0) {
        await put(
          gitlabReportFiles.annotations,
          `${JSON.stringify({ Glu: links.slice(0, annotationLimit) }, undefined, 2)}\n`,
        );
      }
    },
    // https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections: a name that is ours alone, a title on one line.
    async group(title, task) {
      sections += 1;
      const name = `glu_${sections}`;
      const seconds = () => Math.floor(now() / 1000);
      const header = plainLine(secrets.redact(title));
      stderr.write(`\u001b[0Ksection_start:${seconds()}:${name}[collapsed=true]\r\u001b[0K${header}\n`);
      try {
        return await task();
      } finally {
        stderr.write(`\u001b[0Ksection_end:${seconds()}:${name}\r\u001b[0K\n`);
      }
    },
  };
}
