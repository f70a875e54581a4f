import { OutsideError } from "@glu/core";
import { type ForgeResponse, field } from "../http.ts";

/**
 * Refuses to start runs that nobody would find again, where the forge gives the workflow's file. One that cannot be read
 * is let pass: the forge says itself what is wrong with it.
 * @param content the answer to a request for the file's content
 * @throws OutsideError `workflow/no-key`
 */
export function checkRunName(file: string, content: ForgeResponse): void {
  const text = content.status === 200 ? field(content.json, "content") : undefined;
  if (text === undefined || namesItsRuns(Buffer.from(text, "base64").toString("utf8"))) return;
  throw new OutsideError("workflow/no-key", `The name of a run of ${file} does not hold its key.`, {
    seen: file,
    fix: `Put 'run-name: Smoke test \${{ inputs.glu-key }}' into ${file}.`,
  });
}

/** Whether `run-name` holds the input `glu-key`, on its line or indented below. Not parsed: the forge does that. */
function namesItsRuns(text: string): boolean {
  const value = /^["']?run-name["']?[ \t]*:(.*(?:\r?\n[ \t]+.*)*)/m.exec(text)?.[1];
  return value?.includes("glu-key") ?? false;
}
