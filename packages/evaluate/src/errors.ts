import { type ErrorDetails, formatDuration, OutsideError, UserError } from "@glu/core";
import type { Answer, Fault } from "./child/protocol.ts";
import type { ConfigFiles } from "./evaluator.ts";
import type { NoAnswer } from "./sandbox.ts";

type Failed = Extract<Answer, { kind: "fault" }> | NoAnswer;

/** Why there is no config, in words for the one who wrote it. */
export function programError({ entry, files }: ConfigFiles, failed: Failed, limit: number): UserError {
  const at = { file: entry };
  switch (failed.kind) {
    case "fault":
      return faultError(entry, files, failed.fault);
    case "too-slow":
      return new UserError("config/too-slow", `${entry} gave no pipeline within ${formatDuration(limit)}.`, {
        at,
        fix: "Look for a loop that does not end, or an await of what never comes.",
      });
    case "out-of-memory":
      return new UserError("config/too-large", `${entry} used more memory than a pipeline may.`, {
        at,
        fix: "Look for a list that grows without end.",
      });
    case "too-large":
      return tooLarge(entry);
    case "ended":
    case "stopped":
      return new UserError("config/ended", `The process that evaluates ${entry} ended before it answered.`, {
        at,
        fix: "Run it again; if it ends again, take out of the config what is unusual in it.",
      });
  }
}

const tooLarge = (file: string) =>
  new UserError("config/too-large", `${file} gives a pipeline that is too large.`, {
    at: { file },
    fix: "Say what apps share under defaults, or split the pipeline.",
  });

function faultError(entry: string, files: ConfigFiles["files"], fault: Fault): UserError {
  const at = placeOf(entry, files, fault);
  const message = oneLine(fault.message);
  switch (fault.kind) {
    case "import":
      return new UserError("config/import", `${at.file} imports what it may not: ${message}.`, {
        at,
        fix: "Import @glu/sdk, and files under glu/ by a relative path with its ending, such as ./glu/gates.ts.",
      });
    case "syntax":
      return new UserError("config/typescript", `${at.file} is no TypeScript that Node runs: ${message}`, {
        at,
        fix: "Correct it. Types are only removed: there are no enums, namespaces or parameter properties.",
      });
    case "not-data": {
      const path = oneLine(fault.path ?? "");
      const details: ErrorDetails = {
        at: { file: entry, ...(path === "" ? {} : { path }) },
        fix: "Give plain data: texts, numbers, lists and mappings; functions stand in gates alone, each with a name.",
      };
      return new UserError("config/not-data", `${path === "" ? entry : path} ${message}.`, details);
    }
    case "too-large":
      return tooLarge(entry);
    case "threw":
    case "not-there":
      return new UserError("config/threw", `${entry} threw ${message}`, {
        at,
        fix: "Correct the program. It has JavaScript and @glu/sdk; it has no process, no files and no network.",
      });
  }
}

/** The program says where; only what can be true of its files is taken. */
function placeOf(entry: string, files: ConfigFiles["files"], { file, line, column }: Fault) {
  if (file === undefined || !Object.hasOwn(files, file)) return { file: entry };
  const isPlace = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  if (!isPlace(line)) return { file };
  return isPlace(column) ? { file, line, column } : { file, line };
}

/** Why a function gave no answer. Its name goes first: an environment may have several. */
export function functionError(name: string, failed: Failed | { kind: "unknown-source" }, limit: number): OutsideError {
  switch (failed.kind) {
    case "fault": {
      const { kind, file, line, column } = failed.fault;
      const message = oneLine(failed.fault.message);
      const where = file === undefined ? "" : ` at ${[oneLine(file), line, column].filter(Boolean).join(":")}`;
      if (kind === "threw" || kind === "syntax" || kind === "import") {
        return new OutsideError("function/threw", `${name} threw ${message}${where}`, { fix: "Correct the function." });
      }
      if (kind === "not-there") return gone(name);
      return new OutsideError("function/answer", `${name} gave no answer of a gate: it ${message}`, {
        fix: 'Let it return { met: true or false, seen: "what it saw" }.',
      });
    }
    case "too-slow":
      return new OutsideError("function/too-slow", `${name} gave no answer within ${formatDuration(limit)}`, {
        fix: 'Let it do less, or give it more time: gate("name", check, { timeout: "30s" }).',
      });
    case "unknown-source":
      return gone(name);
    case "out-of-memory":
    case "too-large":
    case "ended":
    case "stopped":
      return new OutsideError("function/ended", `${name} was ended before it answered (${failed.kind})`, {
        fix: "Let it use less memory and answer less.",
      });
  }
}

const gone = (name: string) =>
  new OutsideError("function/not-there", `there is no function ${name} in the config that was read`, {
    fix: "Let the config be the same each time that it is evaluated.",
  });

/** The words of the program stand in logs and summaries: on one line, and not without end. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return plain.length > 500 ? `${plain.slice(0, 499)}…` : plain;
}
