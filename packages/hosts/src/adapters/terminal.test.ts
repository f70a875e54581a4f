import { describe, expect, test } from "vitest";
import type { Report as HostReport, OutputFormat } from "../host.ts";
import { createHost } from "./create.ts";
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

describe("in a step of a runner", () => {
  const hostile = "::error title=forged::x\n   ::stop-commands::y\n##[add-mask]production";
  const report = {
    markdown: async () => hostile,
    html: async () => "",
    text: hostile,
    json: async () => JSON.stringify({ hostile }, null, 2),
  };
  const drawing = { mermaid: hostile, svg: hostile };

  async function printed(output: OutputFormat, env: Record<string, string>) {
    let out = "";
    let err = "";
    const stdout = { write: (more: string) => (out += more) };
    const stderr = { write: (more: string) => (err += more) };
    const host = await createHost("terminal", { env, stdout, stderr, output, now: () => 0 });
    host.mask("s3cret%\nb");
    host.logger.info(hostile);
    host.logger.notice(hostile);
    await host.annotate([{ level: "error", title: hostile, message: hostile, url: hostile }]);
    host.fail(hostile);
    await host.group(hostile, async () => undefined);
    await host.writeSummary({ ...report, drawing });
    return { out, err };
  }

  test.each(["text", "json", "markdown", "mermaid", "svg"] as const)(
    "what others wrote is no command, as %s",
    async (output) => {
      for (const env of [{ GITHUB_ACTIONS: "true" }, { GITEA_ACTIONS: "true" }]) {
        const { out, err } = await printed(output, env);
        const lines = `${out}\n${err}`.split("\n").filter((line) => !line.startsWith("::add-mask::"));
        expect(lines.filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
        if (output === "json") expect(JSON.parse(out)).toEqual({ hostile });
      }
    },
  );

  test("a drawing is printed as it is, and the text of what is none", async () => {
    const made = async (drawing: HostReport["drawing"]) => {
      let out = "";
      const stdout = { write: (more: string) => (out += more) };
      const host = await createHost("terminal", { env: {}, stdout, stderr: stdout, output: "svg", now: () => 0 });
      await host.writeSummary({
        markdown: async () => "m",
        html: async () => "h",
        text: "t",
        json: async () => "{}",
        drawing,
      });
      return out;
    };
    expect(await made({ mermaid: "flowchart LR", svg: "<svg/>\n" })).toBe("<svg/>\n");
    expect(await made(undefined)).toBe("t\n");
  });

  test("secrets are made known to the runner first, and not on standard output", async () => {
    const { out, err } = await printed("json", { GITHUB_ACTIONS: "true" });
    expect(err.split("\n").slice(0, 3)).toEqual([
      "::add-mask::s3cret%25%0Ab",
      `::add-mask::${Buffer.from("s3cret%\nb").toString("base64")}`,
      "::add-mask::s3cret%2525%250Ab",
    ]);
    expect(out).not.toContain("add-mask::");
  });

  test("elsewhere the text is as it was written", async () => {
    const { out, err } = await printed("text", {});
    expect(out).toBe(`${hostile}\n`);
    expect(err).not.toContain("add-mask::");
  });
});
