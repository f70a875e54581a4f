import type { Annotation, Host, OutputFormat, Report, Stream } from "../host.ts";
import { coloured, plain, plainLine } from "../output/plain.ts";
import { createSecrets } from "../output/secrets.ts";
import { colouredLogText, logJson, logText, maskCommands } from "../output/workflow-commands.ts";

export interface TerminalHostOptions {
  stdout: Stream;
  stderr: Stream;
  /** What goes to standard output; logs go to standard error whatever this is. Default `text`. */
  output?: OutputFormat;
  /**
   * A GitHub or Gitea runner reads what is printed and would obey workflow commands in it: a step with `run: glu …`.
   * `masks` says whether secrets are made known to it, which puts them on standard error.
   */
  runner?: { masks: boolean } | undefined;
  /** What is said is kept as the log of a job: progress is lines of it. Default: where there is a runner. */
  inJob?: boolean;
  /** Also shows debug lines. */
  verbose?: boolean;
}

async function reportIn(report: Report, { output = "text", runner }: TerminalHostOptions): Promise<string> {
  if (output === "json") {
    const json = await report.json();
    return runner ? logJson(json) : json;
  }
  if (output === "markdown") {
    const markdown = await report.markdown();
    return runner ? logText(markdown) : markdown;
  }
  const drawn = output === "text" ? undefined : report.drawing?.[output];
  if (drawn !== undefined) return runner ? logText(drawn) : drawn;
  return runner ? colouredLogText(report.text) : coloured(report.text);
}

/** `file:line:column`, as editors and terminals make a link of. */
export function placeOf({ file, line, column }: Annotation): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** What it is and where, then the message: several mistakes in a file are a line each, and where to read on is one. */
function remark(annotation: Annotation): string {
  const { level, title, message, url } = annotation;
  const [first = "", ...more] = message.split("\n");
  const said = [level, placeOf(annotation), title, first].filter((part) => part !== undefined && part !== "");
  const below = url === undefined ? more : [...more, url];
  return [said.map((part) => plainLine(part ?? "")).join(": "), ...below.map((line) => `  ${plainLine(line)}`)].join(
    "\n",
  );
}

/** A person at a terminal. Outputs need no place of their own there: the JSON has them. */
export function createTerminalHost(options: TerminalHostOptions): Host {
  const { stdout, stderr, runner, inJob } = options;
  const secrets = createSecrets();
  // A line of progress stands until the next thing is said: then it is wiped (ECMA-48: EL, erase in line).
  let standing = false;
  let last: string | undefined;
  const wipe = () => {
    if (standing) stderr.write("\r\u001b[2K");
    standing = false;
  };
  const log = (text: string) => {
    wipe();
    stderr.write(`${(runner ? logText : plain)(secrets.redact(text))}\n`);
  };
  return {
    name: "terminal",
    logger: {
      debug: (message) => (options.verbose ? log(`debug: ${message}`) : undefined),
      progress(message) {
        // Whoever reads the log of a job wants to know what it waits for.
        if (stderr.isTTY !== true) {
          if ((runner !== undefined || inJob === true) && message !== last) log(message);
          last = message;
          return;
        }
        wipe();
        stderr.write(`${plainLine(secrets.redact(message))} …`);
        standing = true;
      },
      info: log,
      notice: (message) => log(`note: ${message}`),
      warning: (message) => log(`warning: ${message}`),
    },
    mask(secret) {
      if (secret.trim() === "") return;
      secrets.add(secret);
      // Not on standard output, which has the answer: the runner obeys either.
      if (runner?.masks) stderr.write(maskCommands(secret));
    },
    redact: (text) => secrets.redact(text),
    setOutputs: async () => {},
    async writeSummary(report) {
      wipe();
      stdout.write(`${secrets.redact(await reportIn(report, options)).replace(/\n$/, "")}\n`);
    },
    async annotate(annotations) {
      for (const annotation of annotations) log(remark(annotation));
    },
    async group(title, task) {
      log(plainLine(title));
      return task();
    },
    fail: (message) => log(`error: ${message}`),
  };
}
