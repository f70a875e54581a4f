import { stat } from "node:fs/promises";
import type { HostName } from "@glu/core";
import type { Env } from "../context/env.ts";
import type { Host, Stream } from "../host.ts";
import { plainLine } from "../output/plain.ts";
import { createSecrets } from "../output/secrets.ts";
import { trimMarkdown } from "../output/trim-markdown.ts";
import { colouredLogText, logText, maskCommands, workflowCommand } from "../output/workflow-commands.ts";

/** A summary is dropped above 1 MiB per step; some room is left for other tools in the same step. */
export const summaryLimit = 900 * 1024;

/**
 * An output may have 1 MB; a larger one can fail the job when it is passed on
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs).
 * GitHub counts an output in UTF-16, so half of it is what is sure to fit.
 */
export const outputLimit = 512 * 1024;

/** Below this there is no room for anything worth reading. */
const smallestSummary = 4096;

export interface GithubHostOptions {
  name: Extract<HostName, "github" | "gitea">;
  env: Env;
  stdout: Stream;
}

/**
 * GitHub, Gitea and Forgejo Actions. What goes to the log is a line each; outputs and summaries, which are files of the
 * runner's, are left to GitHub's own toolkit. That costs about 45 ms, so it is loaded when there is something to write.
 * It reads which files these are from the process environment itself.
 */
export function createGithubHost({ name, env, stdout }: GithubHostOptions): Host {
  const toolkit = () => import("@actions/core");
  const secrets = createSecrets();
  const safe = (text: string) => logText(secrets.redact(text));
  const command = (what: string, message: string, properties?: Record<string, string | number | undefined>) =>
    void stdout.write(workflowCommand(what, secrets.redact(message), properties));
  const host: Host = {
    name,
    logger: {
      // The data of a command is escaped; a plain line is not.
      debug: (message) => command("debug", message),
      progress: (message) => void stdout.write(`${safe(message)}\n`),
      info: (message) => void stdout.write(`${safe(message)}\n`),
      notice: (message) => command("notice", message),
      warning: (message) => command("warning", message),
    },
    mask(secret) {
      if (secret.trim() === "") return;
      secrets.add(secret);
      stdout.write(maskCommands(secret));
    },
    redact: (text) => secrets.redact(text),
    async setOutputs(outputs) {
      const { setOutput } = await toolkit();
      for (const [key, value] of Object.entries(outputs)) {
        if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key))
          throw new TypeError(`${JSON.stringify(key)} is not an output's name`);
        const fits = value.length <= outputLimit;
        setOutput(key, fits ? secrets.redact(value) : "");
        if (fits) continue;
        host.logger.warning(
          `The output ${key} is empty: it would have ${value.length.toLocaleString("en-US")} characters, and a runner passes on at most ${outputLimit.toLocaleString("en-US")}. Give fewer apps or environments, or read the records in the config repository.`,
        );
      }
    },
    async writeSummary({ markdown, text, folded }) {
      const show = async () => void stdout.write(`${colouredLogText(secrets.redact(text))}\n`);
      if (folded === undefined) await show();
      else {
        stdout.write(`${safe(plainLine(folded.line))}\n`);
        await host.group(folded.title, show);
      }
      // Gitea's older runners have no summaries: the log has the text.
      if (!env.GITHUB_STEP_SUMMARY) return;
      // The limit is for the step: what it has written before counts.
      const { size } = await stat(env.GITHUB_STEP_SUMMARY);
      const room = summaryLimit - size;
      if (room < smallestSummary)
        return host.logger.notice("The summary of this step is full; the report is in its log.");
      const { summary } = await toolkit();
      await summary.addRaw(trimMarkdown(secrets.redact(await markdown()), room), true).write();
    },
    async annotate(annotations) {
      for (const { level, message, title, file, line, column, url } of annotations) {
        const heading = title === undefined ? undefined : secrets.redact(title);
        command(level, url === undefined ? message : `${message}\n${url}`, { title: heading, file, line, col: column });
      }
    },
    async group(title, task) {
      command("group", title);
      try {
        return await task();
      } finally {
        stdout.write(workflowCommand("endgroup", ""));
      }
    },
    fail: (message) => command("error", message),
  };
  return host;
}
