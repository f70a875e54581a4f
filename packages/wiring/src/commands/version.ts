import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Outcome, page } from "../outcome.ts";
import { version } from "../version.ts";

/** `glu version`. */
export async function runVersion(): Promise<Outcome> {
  const git = await promisify(execFile)("git", ["version"]).then(
    ({ stdout }) => stdout.trim().replace(/^git version /, ""),
    () => "not found",
  );
  const node = process.versions.node;
  return page({
    schema: "glu.version.v1",
    result: "ok",
    tone: "note",
    headline: `glu ${version} · Node ${node} · Git ${git}`,
    columns: [],
    rows: [],
    data: { version, node, git },
  });
}
