import { parseConfig } from "@glu/config";
import { configurableGates, type GluError, UserError } from "@glu/core";
import { editors } from "@glu/editors";
import type { Annotation, Host, Report } from "@glu/hosts";
import { type PromotionReport, renderMarkdown, renderText } from "@glu/report";
import { expect, it } from "vitest";
import { nothingDone } from "../nothing-done.ts";
import { errorPage } from "./error-page.ts";
import { present, presentFailure } from "./present.ts";

/** The error of a config in which so many keys are unknown. */
function errorsOf(count: number): GluError {
  const keys = Array.from({ length: count }, (_, index) => `unknown${index}: 1\n`).join("");
  const text = `version: 1\n${keys}environments: { staging: {} }\napps: {}\n`;
  try {
    parseConfig({ file: "glu.yaml", text, editors, gates: configurableGates });
  } catch (error) {
    return error as GluError;
  }
  throw new Error("the config is valid");
}

async function annotationsOn(name: Host["name"], error: unknown): Promise<Annotation[]> {
  const shown: Annotation[] = [];
  const host = { name, writeSummary: async () => {}, setOutputs: async () => {}, redact: (text: string) => text };
  await presentFailure(error, { ...host, annotate: async (more: Annotation[]) => void shown.push(...more) } as never);
  return shown;
}

const one = new UserError("config/type", "apps must be a mapping.", {
  at: { file: "glu.yaml", line: 3, column: 1 },
  fix: "Write one.",
});

it("one error is its message, where it is, how to mend it, and a code that leads to the documentation", () => {
  expect(renderMarkdown(errorPage(one), { flavor: "github" })).toBe(
    `## ⛔ apps must be a mapping.

| Error |  |
| :-- | :-- |
| **Where** | \`glu.yaml:3:1\` |
| **Fix** | Write one. |
| **Code** | [\`config/type\`](<https://github.com/glu/actions/blob/main/docs/errors.md#config>) |
`,
  );
});

it("several errors of a file are counted in the headline and have a row each", () => {
  const page = errorPage(errorsOf(3));
  expect(page.headline).toBe("glu.yaml has 3 errors");
  expect(page.rows.map(([where]) => where)).toEqual(["glu.yaml:2:1", "glu.yaml:3:1", "glu.yaml:4:1"]);
  const text = renderText(page, { color: false, width: 120 });
  for (const name of ["unknown0", "unknown1", "unknown2"]) expect(text).toContain(name);
});

it("each error has an annotation at its line on GitHub, at most ten; elsewhere one says all", async () => {
  const lines = (await annotationsOn("github", errorsOf(3))).map(({ file, line, title }) => [file, line, title]);
  expect(lines).toEqual([2, 3, 4].map((line) => ["glu.yaml", line, "config/unknown-key"]));
  expect(await annotationsOn("gitea", errorsOf(30))).toHaveLength(10);
  expect(await annotationsOn("github", one)).toMatchObject([{ title: "config/type", line: 3, file: "glu.yaml" }]);
  for (const host of ["gitlab", "terminal"] as const) {
    expect(await annotationsOn(host, errorsOf(3))).toMatchObject([{ message: expect.stringContaining("unknown2") }]);
  }
});

it("an error of a program's pipeline is told with its path, and with no line", async () => {
  const data = { version: 1, apps: {} };
  const errorOf = (environments: object): GluError => {
    try {
      parseConfig({ file: "glu.config.ts", data: { ...data, environments }, editors, gates: configurableGates });
    } catch (error) {
      return error as GluError;
    }
    throw new Error("the config is valid");
  };
  const single = errorOf({ a: { from: "b" } });
  const several = errorOf({ a: { polcy: 1 }, b: { polcy: 1 } });
  for (const host of ["github", "gitlab", "terminal"] as const) {
    const [shown, ...more] = await annotationsOn(host, single);
    expect(more).toEqual([]);
    expect(shown).toEqual({
      level: "error",
      title: "config/unknown-environment",
      message: expect.stringMatching(/^environments\.a\.from: No environment "b" is declared\./),
      url: expect.any(String),
      file: "glu.config.ts",
    });
  }
  expect((await annotationsOn("github", several)).map(({ file, line, message }) => [file, line, message])).toEqual(
    ["a", "b"].map((name) => ["glu.config.ts", undefined, expect.stringContaining(`environments.${name}`)]),
  );
  expect(errorPage(several).rows.map(([where]) => where)).toEqual(
    ["a", "b"].map((name) => `glu.config.ts:environments.${name}.polcy`),
  );
});

it("the log folds a promotion under its headline, and a page, which is short, not at all", async () => {
  const shown: Report[] = [];
  const writeSummary = async (report: Report) => void shown.push(report);
  const host = { name: "github", setOutputs: async () => {}, annotate: async () => {}, writeSummary };
  const promotion: PromotionReport = {
    kind: "promotion",
    result: "none",
    headline: "a headline that is longer than the forty columns which it has here",
    decisions: [],
    passedOver: [],
    undecided: [],
    pipeline: { environments: [], running: [] },
    configLocation: "acme/config",
    branch: "refs/heads/main" as PromotionReport["branch"],
    advisory: undefined,
    plan: false,
    request: "r" as PromotionReport["request"],
    links: {},
    now: 0,
    notices: [],
  };
  for (const report of [promotion, errorPage(one)]) {
    await present({ exitCode: 0, outputs: {}, notices: [], report }, host as never, { color: true, width: 40 });
  }
  expect(shown[0]?.folded?.line).toMatch(/^\S a headline that is longer than the forty columns which it has here$/);
  expect(shown[0]?.folded?.title).toBe("Decisions, gates and changes");
  expect(shown[1]?.folded).toBeUndefined();
});

/** A host on which some ways of showing fail, as with a summary file that is not there. */
function hostWhere(...broken: ("setOutputs" | "writeSummary" | "annotate")[]) {
  const said: string[] = [];
  const log = (text: string) => void said.push(text);
  const act = (name: (typeof broken)[number]) => async () => {
    if (broken.includes(name)) throw Object.assign(new Error(`EACCES: ${name}`), { code: "EACCES" });
    said.push(`${name} done`);
  };
  const host = {
    name: "github",
    logger: { debug: log, progress: log, info: log, notice: log, warning: (text) => log(`warning: ${text}`) },
    mask() {},
    redact: (text) => text,
    setOutputs: act("setOutputs"),
    writeSummary: act("writeSummary"),
    annotate: act("annotate"),
    group: (_title, task) => task(),
    fail: (text) => log(`fail: ${text}`),
  } satisfies Host;
  return { host, said };
}

const style = { color: false, width: 80 };

it("what cannot be reported is a warning, and the rest is reported", async () => {
  const { host, said } = hostWhere("setOutputs");
  await present(nothingDone("Nothing."), host, style);
  expect(said).toEqual(["Nothing.", expect.stringMatching(/^warning: .*EACCES: setOutputs/), "writeSummary done"]);
});

it("an error keeps its exit code when it cannot be shown in a summary", async () => {
  const { host, said } = hostWhere("writeSummary");
  const error = new UserError("input/x", "Wrong.", { fix: "Right it." });
  expect(await presentFailure(error, host)).toBe(2);
  expect(said).toEqual([expect.stringMatching(/^warning: .*EACCES: writeSummary/), "annotate done"]);
});

it("an error that can be shown nowhere else is in the log", async () => {
  const { host, said } = hostWhere("writeSummary", "annotate");
  expect(await presentFailure(new UserError("input/x", "Wrong.", { fix: "Right it." }), host)).toBe(2);
  expect(said.at(-1)).toMatch(/^fail: input\/x: Wrong. Right it./);
});

it("an error that repeats a secret is shown without it, also where its characters are escaped", async () => {
  const secret = 'ghp_a"b|c';
  const error = new UserError("config/type", `The server says ${secret}.`, {
    seen: secret,
    fix: `Not ${secret}.`,
    at: { file: "glu.yaml" },
    problems: [{ code: "config/type", message: `It is ${secret}.`, fix: secret }],
  });
  const shown: string[] = [];
  const redact = (text: string) => text.replaceAll(secret, "***");
  const writeSummary = async ({ markdown, html, text, json }: Report) => {
    shown.push(await markdown(), await html(), text, await json());
  };
  await presentFailure(error, { name: "github", writeSummary, annotate: async () => {}, redact } as never);
  expect(shown).toHaveLength(4);
  for (const form of shown) expect(form).not.toMatch(/ghp/);
});
