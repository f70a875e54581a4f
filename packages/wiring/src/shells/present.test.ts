import { UserError } from "@glu/core";
import type { Host } from "@glu/hosts";
import { expect, test } from "vitest";
import { nothingDone } from "../nothing-done.ts";
import { present, presentFailure } from "./present.ts";

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
    setOutputs: act("setOutputs"),
    writeSummary: act("writeSummary"),
    annotate: act("annotate"),
    group: (_title, task) => task(),
    fail: (text) => log(`fail: ${text}`),
  } satisfies Host;
  return { host, said };
}

const style = { color: false, width: 80 };

test("what cannot be reported is a warning, and the rest is reported", async () => {
  const { host, said } = hostWhere("setOutputs");
  await present(nothingDone("Nothing."), host, style);
  expect(said).toEqual(["Nothing.", expect.stringMatching(/^warning: .*EACCES: setOutputs/), "writeSummary done"]);
});

test("an error keeps its exit code when it cannot be shown in a summary", async () => {
  const { host, said } = hostWhere("writeSummary");
  const error = new UserError("input/x", "Wrong.", { fix: "Right it." });
  expect(await presentFailure(error, host)).toBe(2);
  expect(said).toEqual([expect.stringMatching(/^warning: .*EACCES: writeSummary/), "annotate done"]);
});

test("an error that can be shown nowhere else is in the log", async () => {
  const { host, said } = hostWhere("writeSummary", "annotate");
  expect(await presentFailure(new UserError("input/x", "Wrong.", { fix: "Right it." }), host)).toBe(2);
  expect(said.at(-1)).toMatch(/^fail: input\/x: Wrong. Right it./);
});
