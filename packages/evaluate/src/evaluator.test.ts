import type { FunctionReference } from "@glu/core";
import { describe, expect, it } from "vitest";
import { canEvaluate, configOf, evaluatorFor, outcomeOf } from "../test/evaluator.ts";

const imports = `import { defineConfig, gate, type GateContext } from "@glu/sdk";
import { services } from "./glu/services.ts";`;

const gates = (...list: string[]) =>
  `import { gate } from "@glu/sdk";\nexport default { environments: { production: { gates: [\n${list.join(",\n")}\n] } } };`;

describe.runIf(canEvaluate)("evaluate", () => {
  it("gives what is exported, with what was imported, types removed", async () => {
    const program = `${imports}
interface Service { name: string }
const apps: Record<string, object> = {};
for (const { name } of services as Service[]) apps[name] = { environments: undefined };
export default defineConfig({ version: 1, environments: { staging: {} }, apps } satisfies object);`;
    const files = {
      "glu/services.ts": 'import { team } from "./deep/team.ts";\nexport const services = [{ name: team("web") }];',
      "glu/deep/team.ts": "export const team = (name: string): string => `a-${name}`;",
    };
    const data = await evaluatorFor().evaluate(configOf(program, files));
    expect(data).toEqual({ version: 1, environments: { staging: {} }, apps: { "a-web": {} } });
  });

  it("gives functions as references that tell one state of the files from another", async () => {
    const program = gates("async function quietHours() {}", 'gate("no friday", () => 1, { timeout: "2s" })');
    const evaluator = evaluatorFor();
    const referencesOf = async (text: string) => {
      const data = (await evaluator.evaluate(configOf(text))) as {
        environments: { production: { gates: { function: FunctionReference }[] } };
      };
      return data.environments.production.gates.map((one) => one.function);
    };
    const references = await referencesOf(program);
    const [{ source } = { source: "" }] = references;
    expect(source).toMatch(/^[0-9a-f]{12}$/);
    expect(references).toEqual([
      { name: "quietHours", index: 0, timeout: "10s", source },
      { name: "no friday", index: 1, timeout: "2s", source },
    ]);
    expect(await referencesOf(program)).toEqual(references);
    const [other] = await referencesOf(`${program}\n`);
    expect(other?.source).not.toBe(source);
  });

  it("takes a name that people would write", async () => {
    for (const name of ["nobody's on call (EU)!", "kein Freitag 🎄", "≥ 80 %", "x".repeat(63)]) {
      const data = await evaluatorFor().evaluate(configOf(gates(`gate(${JSON.stringify(name)}, () => 1)`)));
      expect(JSON.stringify(data)).toContain(JSON.stringify(name));
    }
  });

  it("tells a name that is too long from none", async () => {
    const outcome = await outcomeOf(gates(`gate("${"x".repeat(64)}", () => 1)`));
    expect(outcome).toMatchObject({ message: expect.stringContaining("has a name that is no text of 1 to 63") });
    expect(await outcomeOf(gates("() => 1"))).toMatchObject({ message: expect.stringContaining("without a name") });
  });

  it.each([
    ["an enum", "\nenum A { B }\nexport default {}", "config/typescript", { line: 2 }],
    ["a bracket too few", "export default {", "config/typescript", { file: "glu.config.ts" }],
    ["a word that is none", "let a;\n\nconst const = 1;", "config/typescript", { line: 3 }],
    [
      "an import of what is not exported",
      'import { nope } from "@glu/sdk";',
      "config/typescript",
      { file: "glu.config.ts" },
    ],
    [
      "an import of what is not allowed",
      "let a = 1;\nimport 'zod';",
      "config/import",
      { file: "glu.config.ts", line: 2 },
    ],
    ["import()", "\n\nimport('zod');", "config/import", { file: "glu.config.ts", line: 3 }],
    ["an error of its own", "\n\nthrow new Error('no')", "config/threw", { line: 3, column: 7 }],
  ])("tells of %s", async (_, program, code, at) => {
    expect(await outcomeOf(program)).toMatchObject({ code, exitCode: 2, at: expect.objectContaining(at) });
  });

  it("names the file in which it went wrong, and the one that imports wrongly", async () => {
    const program = 'import "./glu/a.ts"; export default {};';
    const failing = configOf(program, { "glu/a.ts": "const x: number = 1;\nnull.x;" });
    await expect(evaluatorFor().evaluate(failing)).rejects.toMatchObject({ at: { file: "glu/a.ts", line: 2 } });
    const importing = configOf(program, { "glu/a.ts": 'import "./b";', "glu/b.ts": "" });
    await expect(evaluatorFor().evaluate(importing)).rejects.toMatchObject({
      message: expect.stringContaining("write ./b.ts"),
      at: { file: "glu/a.ts" },
    });
  });
});

const context = { app: "web", environment: "production", now: 5 };

/** A program's first function, called as often as told. */
async function callsOf(program: string, times = 1, signal = new AbortController().signal) {
  const evaluator = evaluatorFor();
  const data = (await evaluator.evaluate(configOf(program))) as {
    environments: { production: { gates: { function: FunctionReference }[] } };
  };
  const [first] = data.environments.production.gates;
  const calls = Array.from({ length: times }, () => {
    return evaluator.call(first?.function as FunctionReference, context, signal).catch((error: unknown) => error);
  });
  return { evaluator, answers: await Promise.all(calls) };
}

describe.runIf(canEvaluate)("call", () => {
  it("calls what verifies a release as what decides on one", async () => {
    const evaluator = evaluatorFor();
    const program =
      "export default { environments: { staging: { verify: { gates: [function well({ app }) { return { met: true, seen: app } }] } } } };";
    const data = (await evaluator.evaluate(configOf(program))) as {
      environments: { staging: { verify: { gates: { function: FunctionReference }[] } } };
    };
    const [first] = data.environments.staging.verify.gates;
    const reference = first?.function as FunctionReference;
    expect(reference).toMatchObject({ name: "well", source: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(await evaluator.call(reference, context, new AbortController().signal)).toEqual({ met: true, seen: "web" });
  });

  it("gives the function its context, and what it answers, at once or later", async () => {
    const program = gates("async function f({ app, now }) { await null; return { met: true, seen: app + now } }");
    expect((await callsOf(program)).answers).toEqual([{ met: true, seen: "web5" }]);
  });

  it("shares nothing between two calls", async () => {
    const program = `let count = 0;\n${gates("function f(context) { count += 1; context.app += count; globalThis.left = (globalThis.left ?? 0) + 1; return { met: true, seen: `${count} ${left} ${context.app}` } }")}`;
    const answer = { met: true, seen: "1 1 web1" };
    expect((await callsOf(program, 3)).answers).toEqual([answer, answer, answer]);
  });

  it.each([
    [
      "throws",
      "function f() { throw new Error('no') }",
      "function/threw",
      /^f threw Error: no at glu\.config\.ts:3:\d+$/,
    ],
    ["rejects", "async function f() { null.x }", "function/threw", /^f threw TypeError: .* at glu\.config\.ts:3:\d+$/],
    ["throws no error", "function f() { throw undefined }", "function/threw", /^f threw undefined was thrown$/],
    [
      "loops",
      'gate("f", () => { for (;;) {} }, { timeout: "1s" })',
      "function/too-slow",
      /^f gave no answer within 1s$/,
    ],
    ["waits", 'gate("f", () => new Promise(() => {}), { timeout: "1s" })', "function/too-slow", /^f gave/],
    ["allocates", "function f() { const a = []; for (;;) a.push(new Array(1e4).fill(0)) }", "function/ended", /^f was/],
    ["returns a function", "function f() { return { met: () => true } }", "function/answer", /^f gave no answer/],
    ["returns nothing", "function f() {}", "function/answer", /^f gave no answer of a gate: it returned nothing$/],
    ["returns a getter", "function f() { return { get met() { return true } } }", "function/answer", /^f gave/],
  ])("that %s is an error with the function's name", async (_, program, code, message) => {
    const { answers, evaluator } = await callsOf(gates(program));
    expect(answers).toMatchObject([{ code, exitCode: 4, message: expect.stringMatching(message) }]);
    // Those that come next are not harmed.
    expect(await evaluator.evaluate(configOf("export default { version: 1 }"))).toEqual({ version: 1 });
  });

  it("that is not there, or of files that were not evaluated, is an error", async () => {
    const evaluator = evaluatorFor();
    const data = (await evaluator.evaluate(configOf(gates("function f() {}")))) as {
      environments: { production: { gates: { function: FunctionReference }[] } };
    };
    const reference = data.environments.production.gates[0]?.function as FunctionReference;
    const { signal } = new AbortController();
    for (const wrong of [{ index: 7 }, { name: "g" }, { source: "000000000000" }]) {
      await expect(evaluator.call({ ...reference, ...wrong }, context, signal)).rejects.toMatchObject({
        code: "function/not-there",
      });
    }
  });

  it("is answered every time, in as many processes as it takes", async () => {
    const { answers } = await callsOf(gates("function f({ app }) { return { met: true, seen: app } }"), 250);
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"met":true,"seen":"web"}']));
  });

  it("is not blamed for a loop that the one before it left in the process", async () => {
    const evaluator = evaluatorFor();
    const program = gates(
      'gate("f", () => { (async () => { for (;;) await null; })(); return 1; }, { timeout: "2s" })',
      'gate("g", () => 2, { timeout: "2s" })',
    );
    const data = (await evaluator.evaluate(configOf(program))) as {
      environments: { production: { gates: { function: FunctionReference }[] } };
    };
    const { signal } = new AbortController();
    const asked = data.environments.production.gates.map((one) => evaluator.call(one.function, context, signal));
    expect(await Promise.all(asked)).toEqual([1, 2]);
  });

  it("is not blamed for what those before it left in the process", async () => {
    const evaluator = evaluatorFor();
    const heavy =
      "const all = Array.from({ length: 60 }, (_, i) => Array(100_000).fill(i)); export default { version: all.length };";
    for (let round = 0; round < 6; round++) {
      expect(await evaluator.evaluate(configOf(`${heavy}//${round}`))).toEqual({ version: 60 });
    }
  });

  it("ends with its signal, before and after it began", async () => {
    const program = gates('gate("f", () => new Promise(() => {}), { timeout: "1h" })');
    expect((await callsOf(program, 2, AbortSignal.timeout(50))).answers).toMatchObject([
      { code: "function/ended" },
      { code: "function/ended" },
    ]);
  });
});

it.each(["20.19.0", "22.17.9", "23.5.0", "18.0.0"])(
  "Node %s is refused with what to do, and not started",
  async (version) => {
    expect(await outcomeOf("export default {}", { node: { path: "/no/such/node", version } })).toMatchObject({
      code: "config/node-too-old",
      exitCode: 2,
      seen: version,
      fix: expect.stringContaining("Node 24"),
    });
  },
);
