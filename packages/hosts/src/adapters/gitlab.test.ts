import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createGitlabHost } from "./gitlab.ts";

test("a report whose files cannot be written is in the log", async () => {
  const root = mkdtempSync(join(tmpdir(), "glu-gitlab-"));
  const folder = join(root, "glu-report");
  writeFileSync(folder, "a file");
  let printed = "";
  const stream = { write: (text: string) => (printed += text) };
  const host = createGitlabHost({ folder, stdout: stream, stderr: stream, now: () => 0 });
  const report = { markdown: async () => "m", html: async () => "h", text: "promoted", json: async () => "{}" };
  await expect(host.writeSummary(report)).rejects.toThrow(/glu-report/);
  expect(printed).toBe("promoted\n");
  rmSync(root, { recursive: true });
});
