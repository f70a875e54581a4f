import { lstatSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Annotation, Host, Report, Stream } from "../host.ts";
import { plainLine } from "../output/plain.ts";
import { createSecrets } from "../output/secrets.ts";
import { renderDotenv } from "./dotenv.ts";
import { createTerminalHost, type TerminalHostOptions } from "./terminal.ts";

export interface GitlabHostOptions extends TerminalHostOptions {
  /** Where the reports go, for `artifacts:`. Default `glu-report`. */
  folder?: string;
  /** Address of the pipeline: the link that is there when there is no other. */
  run?: string | undefined;
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

const isThere = (path: string, kind: "file" | "folder"): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // A link is removed like a file, and never followed.
  return kind === "folder" ? found?.isDirectory() === true : found !== undefined && !found.isDirectory();
};

/**
 * Removes what an earlier job has left: GitLab brings the artifacts of earlier stages along, and uploads the folder also
 * of a job that fails. Only our own files, and only in a folder that is one: what an artifact was saved as stays.
 */
function removeReports(folder: string): void {
  if (!isThere(folder, "folder")) return;
  const paths = Object.values(gitlabReportFiles).map((file) => join(folder, file));
  for (const path of paths) if (isThere(path, "file")) rmSync(path);
}

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
  const { folder = "glu-report", stdout, stderr, output = "text", now, run } = options;
  removeReports(folder);
  const secrets = createSecrets();
  const terminal = createTerminalHost({ ...options, inJob: true });
  const outputs: Record<string, string> = {};
  const links: ReturnType<typeof linkOf> = [];
  let sections = 0;

  async function put(file: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), secrets.redact(text));
  }

  // https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections: a name that is ours alone, a title on one line.
  async function fold<T>(stream: Stream, title: string, task: () => Promise<T>): Promise<T> {
    sections += 1;
    const name = `glu_${sections}`;
    const seconds = () => Math.floor(now() / 1000);
    const header = plainLine(secrets.redact(title));
    stream.write(`\u001b[0Ksection_start:${seconds()}:${name}[collapsed=true]\r\u001b[0K${header}\n`);
    try {
      return await task();
    } finally {
      stream.write(`\u001b[0Ksection_end:${seconds()}:${name}\r\u001b[0K\n`);
    }
  }

  async function log(report: Report): Promise<void> {
    const show = () => terminal.writeSummary(report);
    const folded = output === "text" ? report.folded : undefined;
    if (folded === undefined) return show();
    stdout.write(`${plainLine(secrets.redact(folded.line))}\n`);
    // With its marks on the same stream: a runner reads the two apart.
    await fold(stdout, folded.title, show);
  }

  /** The template names the file, so it is always there. */
  async function putLinks(): Promise<void> {
    const all = links.length > 0 ? links : linkOf({ level: "notice", title: "Run", message: "", url: run ?? "" });
    await put(
      gitlabReportFiles.annotations,
      `${JSON.stringify({ Glu: all.slice(0, annotationLimit) }, undefined, 2)}\n`,
    );
  }

  return {
    ...terminal,
    name: "gitlab",
    mask(secret) {
      secrets.add(secret);
      terminal.mask(secret);
    },
    redact: (text) => secrets.redact(text),
    async setOutputs(more) {
      for (const [name, value] of Object.entries(more)) outputs[name] = secrets.redact(value);
      const { text, left } = renderDotenv(outputs);
      await put(gitlabReportFiles.outputs, `${JSON.stringify(outputs, undefined, 2)}\n`);
      await put(gitlabReportFiles.dotenv, text);
      await putLinks();
      for (const { name, why } of left) {
        terminal.logger.notice(`The output ${name} is in ${gitlabReportFiles.outputs} only: ${why}.`);
      }
    },
    async writeSummary(report) {
      // First in the log: it is there also when a file cannot be written.
      await log(report);
      await put(gitlabReportFiles.summary, await report.markdown());
      await put(gitlabReportFiles.html, await report.html());
      await put(gitlabReportFiles.result, `${await report.json()}\n`);
    },
    async annotate(annotations) {
      await terminal.annotate(annotations);
      links.push(...annotations.flatMap(linkOf));
      await putLinks();
    },
    group: (title, task) => fold(stderr, title, task),
  };
}
