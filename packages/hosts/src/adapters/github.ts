import { stat } from "node:fs/promises";
import type { HostName } from "@glu/core";
import type { Env } from "../context/env.ts";
import type { Host, Stream } from "../host.ts";
import { plainLine } from "../output/plain.ts";
import { createSecrets } from "../output/secrets.ts";
import { trimMarkdown } from "../output/trim-markdown.ts";
import { colouredLogText, logText } from "../output/workflow-commands.ts";

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
 * GitHub, Gitea and Forgejo Actions, through GitHub's own toolkit. It is loaded here and only here: it costs about
 * 45 ms. The toolkit reads the files to write to from the process environment itself.
 */
export async function createGithubHost({ name, env, stdout }: GithubHostOptions): Promise<Host> {
  const core = await import("@actions/core");
  const secrets = createSecrets();
  const safe = (text: string) => logText(secrets.redact(text));
  const host: Host = {
    name,
    logger: {
      // Commands are escaped by the toolkit; a plain line is not.
      debug: (message) => core.debug(secrets.redact(message)),
      progress: (message) => void stdout.write(`${safe(message)}\n`),
      info: (message) => void stdout.write(`${safe(message)}\n`),
      notice: (message) => core.notice(secrets.redact(message)),
      warning: (message) => core.warning(secrets.redact(message)),
    },
    mask(secret) {
      if (secret.trim() === "") return;
      secrets.add(secret);
      core.setSecret(secret);
      // The runner knows the secret as it is only; these are what a header or a URL make of it.
      core.setSecret(Buffer.from(secret).toString("base64"));
      core.setSecret(encodeURIComponent(secret.replace(/[\ud800-\udfff]/gu, "\ufffd")));
    },
    redact: (text) => secrets.redact(text),
    async setOutputs(outputs) {
      for (const [key, value] of Object.entries(outputs)) {
        if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key))
          throw new TypeError(`${JSON.stringify(key)} is not an output's name`);
        const fits = value.length <= outputLimit;
        core.setOutput(key, fits ? secrets.redact(value) : "");
        if (fits) continue;
        core.warning(
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
      if (room < smallestSummary) return core.notice("The summary of this step is full; the report is in its log.");
      await core.summary.addRaw(trimMarkdown(secrets.redact(markdown), room), true).write();
    },
    async annotate(annotations) {
      for (const { level, message, title, file, line, column, url } of annotations) {
        const place = {
          ...(title === undefined ? {} : { title: secrets.redact(title) }),
          ...(file === undefined ? {} : { file }),
          ...(line === undefined ? {} : { startLine: line }),
          ...(column === undefined ? {} : { startColumn: column }),
        };
        core[level](secrets.redact(url === undefined ? message : `${message}\n${url}`), place);
      }
    },
    async group(title, task) {
      core.startGroup(secrets.redact(title));
      try {
        return await task();
      } finally {
        core.endGroup();
      }
    },
    fail: (message) => core.error(secrets.redact(message)),
  };
  return host;
}
