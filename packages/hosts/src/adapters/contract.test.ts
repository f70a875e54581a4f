import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Each adapter runs in a process of its own, as on a runner: what counts is what lands on its streams and in its files.
const driver = `
  import { readFileSync } from "node:fs";
  import { createHost } from "./create.ts";
  const { HOST, STEPS } = process.env;
  const { stdout, stderr, env } = process;
  let host = await createHost(HOST, { env, stdout, stderr, now: () => 1700000000000, output: env.OUTPUT });
  for (const [verb, ...args] of JSON.parse(readFileSync(STEPS, "utf8"))) {
    if (verb === "log") host.logger[args[0]](args[1]);
    else if (verb === "group") await host.group(args[0], async () => host.logger.info(args[1]));
    else if (verb === "writeSummary") {
      const [{ markdown, html, json, ...rest }] = args;
      await host.writeSummary({ ...rest, markdown: async () => markdown, html: async () => html, json: async () => json });
    }
    else await host[verb](...args);
  }
`;

const folder = mkdtempSync(join(tmpdir(), "glu-hosts-"));
const here = dirname(fileURLToPath(import.meta.url));
let runs = 0;

beforeAll(async () => {
  await build({
    stdin: { contents: driver, resolveDir: here, loader: "ts" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    conditions: ["source"],
    outdir: join(folder, "bundle"),
    entryNames: "drive",
    outExtension: { ".js": ".mjs" },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    metafile: true,
    logLevel: "silent",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Step = [string, ...unknown[]];

function drive(
  host: string,
  steps: Step[],
  env: Record<string, string> = {},
  prepare: (cwd: string) => void = () => {},
) {
  runs += 1;
  const cwd = join(folder, `run-${runs}`);
  mkdirSync(cwd);
  prepare(cwd);
  const stepsFile = join(folder, `steps-${runs}.json`);
  writeFileSync(stepsFile, JSON.stringify(steps));
  const files: Record<string, string> = {};
  if (host === "github") {
    for (const name of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_STATE", "GITHUB_ENV"]) {
      files[name] = join(cwd, name);
      writeFileSync(files[name], "");
    }
  }
  const child = spawnSync(process.execPath, [join(folder, "bundle/drive.mjs")], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", HOST: host, STEPS: stepsFile, ...files, ...env },
    timeout: 30_000,
  });
  const read = (name: string) => readFileSync(join(cwd, name), "utf8");
  return { ...child, cwd, read };
}

const report = {
  markdown: "# Promoted\n\nfrontend to **staging**\n",
  html: "<!doctype html><title>Promoted</title>",
  text: "\u001b[32mpromoted\u001b[0m frontend to staging\n",
  json: '{"schema":"glu.result.v1","result":"promoted"}',
};
const hostile = "x\n::set-env name=PATH::/evil\r\n##[add-mask]a%0A::error::b";

/** Output files as GitHub's runner reads them: `name<<delimiter`, lines, delimiter. */
function readOutputs(text: string): Record<string, string> {
  const lines = text.split("\n");
  const outputs: Record<string, string> = {};
  for (let index = 0; index < lines.length; index++) {
    const match = /^(.*?)<<(.+)$/.exec(lines[index]!);
    if (match === null) continue;
    const end = lines.indexOf(match[2]!, index + 1);
    outputs[match[1]!] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return outputs;
}

describe("the GitHub host", () => {
  it("writes outputs that read back as they were, whatever is in them", () => {
    const outputs = { result: "promoted", decision: `a\nb<<EOF\nEOF\n${hostile}\n` };
    const { read, status } = drive("github", [["setOutputs", outputs]]);
    expect(status).toBe(0);
    expect(readOutputs(read("GITHUB_OUTPUT"))).toEqual(outputs);
  });

  it("leaves an output empty that is too large to be passed on, and says so", () => {
    const { read, stdout } = drive("github", [["setOutputs", { decision: "x".repeat(600_000), result: "promoted" }]]);
    expect(readOutputs(read("GITHUB_OUTPUT"))).toEqual({ decision: "", result: "promoted" });
    expect(stdout).toMatch(/^::warning::The output decision is empty: it would have 600,000 characters/m);
  });

  it("refuses an output's name that could break the file", () => {
    const { status, stderr, read } = drive("github", [["setOutputs", { "a\nb": "x" }]]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("not an output's name");
    expect(read("GITHUB_OUTPUT")).toBe("");
  });

  it("lets no text of others become a command", () => {
    const { stdout } = drive("github", [
      ["log", "debug", hostile],
      ["log", "info", hostile],
      ["log", "notice", hostile],
      ["log", "warning", hostile],
      ["group", hostile, hostile],
      ["annotate", [{ level: "error", title: hostile, message: hostile, file: "a,b:c\n::d", line: 3, column: 2 }]],
      ["writeSummary", { ...report, text: `\u001b[1m\n${hostile}` }],
      ["fail", hostile],
    ]);
    const commands = stdout.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith("::"));
    expect(commands.map((line) => line.trim().split(/[ :]+/)[1])).toEqual([
      "debug",
      "notice",
      "warning",
      "group",
      "endgroup",
      "error",
      "error",
    ]);
    expect(stdout).toContain("line=3,col=2");
    // A message of a command is data, up to the end of its line; elsewhere the old form is disarmed.
    const rest = stdout.split("\n").filter((line) => !line.startsWith("::"));
    expect(rest.join("\n")).not.toContain("##[");
  });

  it("shows a summary, and one that is too long gets cut rather than lost", () => {
    const { read } = drive("github", [["writeSummary", report]]);
    expect(read("GITHUB_STEP_SUMMARY")).toBe(`${report.markdown}\n`);
    const long: Step = ["writeSummary", { ...report, markdown: "| a | b |\n".repeat(200_000) }];
    // Three reports in one step: the first is cut, the others find it full and are in the log.
    const cut = drive("github", [long, long, ["writeSummary", report]]);
    expect(cut.stdout.match(/::notice::The summary of this step is full/g)).toHaveLength(2);
    const written = cut.read("GITHUB_STEP_SUMMARY");
    expect(written.length).toBeLessThan(1024 * 1024);
    expect(written.length).toBeGreaterThan(800 * 1024);
    expect(written).toContain("**Shortened**");
  });

  it("tells the runner of secrets first, and prints them nowhere itself", () => {
    const token = "ghs_t0ken/with+chars";
    const { stdout, read } = drive("github", [
      ["mask", token],
      ["mask", ""],
      ["log", "info", `token ${token}`],
      ["log", "warning", Buffer.from(token).toString("base64")],
      ["setOutputs", { leak: token }],
      ["writeSummary", { ...report, markdown: token, text: encodeURIComponent(token) }],
      ["annotate", [{ level: "notice", message: token }]],
    ]);
    const printed = stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    expect(stdout.split("\n").length - printed.length).toBe(3);
    for (const text of [printed.join("\n"), read("GITHUB_OUTPUT"), read("GITHUB_STEP_SUMMARY")]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(Buffer.from(token).toString("base64"));
      expect(text).not.toContain(encodeURIComponent(token));
    }
  });

  it("leaves one line of a folded report in sight, and lets none of it be a command", () => {
    const folded = { line: `promoted ${hostile}`, title: "Decisions" };
    const { stdout } = drive("github", [["writeSummary", { ...report, folded }]]);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("promoted x ::set-env name=PATH::/evil ## [add-mask]a%0A::error::b");
    expect(lines.slice(1, 3)).toEqual(["::group::Decisions", "\u001b[32mpromoted\u001b[0m frontend to staging"]);
    expect(lines.filter((line) => line.startsWith("::"))).toEqual(["::group::Decisions", "::endgroup::"]);
  });

  it("keeps the report in the log where there are no summaries", () => {
    const { stdout, status } = drive("gitea", [["writeSummary", report]], { GITHUB_STEP_SUMMARY: "" });
    expect(status).toBe(0);
    expect(stdout).toContain("promoted");
  });
});

describe("the GitLab host", () => {
  it("writes reports for artifacts, and outputs that GitLab can read", () => {
    const { cwd, read, stdout } = drive("gitlab", [
      ["setOutputs", { result: "promoted", commit: "abc" }],
      ["setOutputs", { result: "held", decision: "a\nb" }],
      ["writeSummary", report],
      [
        "annotate",
        [
          { level: "notice", title: "Commit\nabc", message: "m", url: "https://gitlab.com/a/b/-/commit/abc" },
          { level: "notice", message: "evil", url: "javascript:alert(1)" },
          { level: "warning", message: "no link" },
        ],
      ],
    ]);
    expect(readdirSync(join(cwd, "glu-report")).sort()).toEqual([
      "annotations.json",
      "glu.env",
      "outputs.json",
      "result.json",
      "summary.html",
      "summary.md",
    ]);
    expect(read("glu-report/glu.env")).toBe("GLU_RESULT=held\nGLU_COMMIT=abc\n");
    expect(JSON.parse(read("glu-report/outputs.json"))).toEqual({ result: "held", commit: "abc", decision: "a\nb" });
    expect(JSON.parse(read("glu-report/result.json"))).toMatchObject({ result: "promoted" });
    expect(JSON.parse(read("glu-report/annotations.json"))).toEqual({
      Glu: [{ external_link: { label: "Commit abc", url: "https://gitlab.com/a/b/-/commit/abc" } }],
    });
    expect(stdout).toBe(report.text);
  });

  it("begins without the reports of an earlier job, and leaves all else where it is", () => {
    const before = (cwd: string) => {
      mkdirSync(join(cwd, "glu-report"));
      writeFileSync(join(cwd, "other"), "kept");
      symlinkSync(join(cwd, "other"), join(cwd, "glu-report/summary.md"));
      const old = ["glu.env", "outputs.json", "annotations.json", "web-1.json", "mine.txt"];
      for (const name of old) writeFileSync(join(cwd, "glu-report", name), "old");
    };
    const { cwd, read } = drive("gitlab", [["log", "info", "no report"]], {}, before);
    expect(readdirSync(join(cwd, "glu-report")).sort()).toEqual(["mine.txt", "web-1.json"]);
    expect([read("other"), read("glu-report/web-1.json")]).toEqual(["kept", "old"]);
  });

  it("does not follow a folder that is a link", () => {
    const { read } = drive("gitlab", [["log", "info", "x"]], {}, (cwd) => {
      mkdirSync(join(cwd, "elsewhere"));
      writeFileSync(join(cwd, "elsewhere/glu.env"), "theirs");
      symlinkSync("elsewhere", join(cwd, "glu-report"));
    });
    expect(read("elsewhere/glu.env")).toBe("theirs");
  });

  it("links to its run when there is nothing else to link to", () => {
    const url = "https://gitlab.com/a/b/-/pipelines/42";
    const { read } = drive("gitlab", [["setOutputs", { result: "none" }]], { CI_PIPELINE_URL: url });
    expect(JSON.parse(read("glu-report/annotations.json"))).toEqual({
      Glu: [{ external_link: { label: "Run", url } }],
    });
    const nowhere = drive("gitlab", [["annotate", [{ level: "warning", message: "no link" }]]]);
    expect(JSON.parse(nowhere.read("glu-report/annotations.json"))).toEqual({ Glu: [] });
  });

  it("says which output is not among the variables, but for the decision, which has a file of its own", () => {
    const { stderr, read } = drive("gitlab", [["setOutputs", { decision: "x".repeat(6000), long: "y".repeat(6000) }]]);
    expect(stderr).toContain("The output long is in outputs.json only");
    expect(stderr).not.toContain("decision");
    expect(read("glu-report/glu.env")).toBe("");
  });

  it("folds groups in the log, and no title opens another", () => {
    const { stderr } = drive("gitlab", [["group", "a\r\u001b[0Ksection_start:1:evil\r\u001b[0Kb\nc", "inside"]]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: sections are marked with them
    const marks = [...stderr.matchAll(/section_(start|end):\d+:([a-z0-9_]+)(?:\[collapsed=true\])?\r\u001b\[0K/g)];
    expect(marks.map(([, kind, name]) => [kind, name])).toEqual([
      ["start", "glu_1"],
      ["end", "glu_1"],
    ]);
    expect(stderr).toContain("\ninside\n");
  });

  it("leaves one line of a folded report in sight, marks and text on one stream, and folds no JSON", () => {
    const folded = { line: "promoted\nfrontend", title: "Decisions\nand more" };
    const { stdout, stderr } = drive("gitlab", [["writeSummary", { ...report, folded }]]);
    expect(stdout).toBe(
      "promoted frontend\n" +
        "\u001b[0Ksection_start:1700000000:glu_1[collapsed=true]\r\u001b[0KDecisions and more\n" +
        `${report.text}\u001b[0Ksection_end:1700000000:glu_1\r\u001b[0K\n`,
    );
    expect(stderr).toBe("");
    const json = drive("gitlab", [["writeSummary", { ...report, folded }]], { OUTPUT: "json" });
    expect([json.stdout, json.stderr]).toEqual([`${report.json}\n`, ""]);
  });

  it("prints and writes no secret", () => {
    const { cwd, stdout, stderr } = drive("gitlab", [
      ["mask", "glcbt-t0ken-value"],
      ["log", "info", "glcbt-t0ken-value"],
      ["group", "glcbt-t0ken-value", "x"],
      ["setOutputs", { leak: "glcbt-t0ken-value" }],
      [
        "writeSummary",
        {
          markdown: "glcbt-t0ken-value",
          html: "glcbt-t0ken-value",
          text: "glcbt-t0ken-value",
          json: '"glcbt-t0ken-value"',
        },
      ],
      ["annotate", [{ level: "notice", message: "glcbt-t0ken-value", url: "https://x.example/?t=glcbt-t0ken-value" }]],
    ]);
    const files = readdirSync(join(cwd, "glu-report")).map((name) =>
      readFileSync(join(cwd, "glu-report", name), "utf8"),
    );
    expect(files).toHaveLength(6);
    for (const text of [stdout, stderr, ...files]) {
      expect(text).toContain("***");
      expect(text).not.toContain("t0ken");
    }
  });
});

describe("the terminal host", () => {
  it("has the result alone on standard output, as JSON when asked", () => {
    const steps: Step[] = [
      ["log", "info", "working"],
      ["group", "Title", "inside"],
      ["writeSummary", report],
      ["fail", "no"],
    ];
    const { stdout, stderr, cwd } = drive("terminal", steps, { OUTPUT: "json" });
    expect(JSON.parse(stdout)).toMatchObject({ result: "promoted" });
    expect(stderr).toBe("working\nTitle\ninside\nerror: no\n");
    expect(readdirSync(cwd)).toEqual([]);
    expect(drive("terminal", steps).stdout).toBe(report.text);
    const folded: Step = ["writeSummary", { ...report, folded: { line: "in sight", title: "Details" } }];
    expect(drive("terminal", [folded])).toMatchObject({ stdout: report.text, stderr: "" });
    expect(drive("terminal", steps, { OUTPUT: "markdown" }).stdout).toBe(report.markdown);
  });

  it("shows where an annotation belongs, and keeps its further lines under it", () => {
    const annotation = { level: "warning", title: "Drift", message: "a\nb\u001b[2J", file: "values.yaml", line: 3 };
    expect(drive("terminal", [["annotate", [annotation]]]).stderr).toBe(
      "warning: values.yaml:3: Drift: a\n  b\ufffd[2J\n",
    );
  });
});

it("only GitHub's adapter has GitHub's toolkit in it", () => {
  const chunks = readdirSync(join(folder, "bundle"));
  const withToolkit = chunks.filter((name) =>
    readFileSync(join(folder, "bundle", name), "utf8").includes("ghadelimiter_"),
  );
  expect(withToolkit.length).toBeGreaterThan(0);
  for (const name of withToolkit) expect(name).not.toMatch(/drive|gitlab|terminal/);
  expect(existsSync(join(folder, "bundle/drive.mjs"))).toBe(true);
});
