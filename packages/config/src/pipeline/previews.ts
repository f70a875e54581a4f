import { assertWritable, type Previews, type RepoPath, UserError } from "@glu/core";
import { type Reading, report } from "./reading.ts";

/** What the file says of previews. They are written where `write` may write, and nowhere else. */
export function readPreviews(reading: Reading): { previews?: Previews } {
  const { previews } = reading.parsed;
  if (previews === undefined) return {};
  try {
    assertWritable(previews.folder, reading.file as RepoPath);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.message.slice(error.message.indexOf(": ") + 2);
    const message = `Previews may not be written to ${previews.folder}: ${why}`;
    const fix = "Name a folder of previews alone, such as previews.";
    report(reading, ["previews", "folder"], "config/forbidden-path", message, fix, { seen: previews.folder });
  }
  return { previews };
}
