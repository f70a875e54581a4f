import { expect, test } from "vitest";
import { createTerminalHost } from "./terminal.ts";

async function said(message: string): Promise<string> {
  let text = "";
  const stream = { write: (more: string) => (text += more) };
  const host = createTerminalHost({ stdout: stream, stderr: stream });
  const place = { file: "glu.yaml", line: 5, column: 3 };
  await host.annotate([
    { level: "error", title: "config/unknown-key", message, url: "https://x.dev/#config", ...place },
  ]);
  return text;
}

test("an error is a line, and where it is explained one below it", async () => {
  expect(await said("There is no app.")).toBe(
    "error: glu.yaml:5:3: config/unknown-key: There is no app.\n  https://x.dev/#config\n",
  );
});

test("several mistakes of a file are a line each", async () => {
  expect(await said("glu.yaml has 2 errors:\n  5:3 One.\n  9:1 Two.\nCorrect them.")).toBe(
    "error: glu.yaml:5:3: config/unknown-key: glu.yaml has 2 errors:\n  5:3 One.\n  9:1 Two.\n  Correct them.\n  https://x.dev/#config\n",
  );
});

test("no control character of a message reaches the terminal", async () => {
  expect(await said("\u001b[2Jgone\rover")).toContain(": \ufffd[2Jgone over\n");
});
