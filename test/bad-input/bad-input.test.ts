import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigWorld } from "../product/config-world.ts";
import { apps, artifacts, type BadInput, BadInputWorld, configs, files, names } from "./table.ts";

interface Answer {
  code: string;
  /** The message, with the place and the value that are told beside it. */
  message: string;
  fix: string | null | undefined;
}

/** The error, or the gate that stopped it, as a program reads it. */
function answerOf(stdout: string): Answer {
  const json = JSON.parse(stdout) as {
    schema: string;
    code?: string;
    message?: string;
    fix?: string;
    seen?: unknown;
    at?: { file: string; line?: number } | null;
    decisions?: { result: string; gates: { met: boolean; code?: string; seen: string; clearedBy?: string }[] }[];
  };
  if (json.schema === "glu.error.v1") {
    const { code = "", message = "", fix, seen, at } = json;
    return { code, message: `${at?.file ?? ""}:${at?.line ?? ""} ${message} ${JSON.stringify(seen)}`, fix };
  }
  const gate = json.decisions?.[0]?.gates.find(({ met }) => !met);
  return { code: gate?.code ?? "", message: gate?.seen ?? "", fix: gate?.clearedBy };
}

let untouched: ConfigWorld;
beforeAll(() => {
  untouched = new ConfigWorld({ apps });
});
afterAll(() => untouched[Symbol.dispose]());

async function check(bad: BadInput): Promise<void> {
  using place = new BadInputWorld(bad, untouched);
  await bad.before?.((flags) => place.run(flags ?? {}), place.world);
  const before = place.world.refs();
  const { code, stdout, stderr } = await place.run();
  const what = `${stdout}\n${stderr}`;
  const answer = answerOf(stdout);
  if (bad.code.endsWith("/")) expect(answer.code.startsWith(bad.code), what).toBe(true);
  else expect(answer.code, what).toBe(bad.code);
  expect(code, what).toBe(bad.exit);
  if (typeof bad.names === "string") expect(answer.message).toContain(bad.names);
  else expect(answer.message).toMatch(bad.names);
  expect(answer.fix ?? "", "it says the fix").not.toBe("");
  if (bad.fix !== undefined) expect(answer.fix).toMatch(bad.fix);
  expect(what, "it is no bug").not.toMatch(/ at .*\.js:\d+/);
  expect(place.world.refs(), "nothing has changed").toBe(before);
}

describe.concurrent.each([
  ["names", names],
  ["artifacts", artifacts],
  ["files and records", files],
  ["configs", configs],
])("of bad %s", (_group, table) => {
  it.for(table.map((bad) => [bad.what, bad] as const))(
    "%s is told by code, with what was seen and the fix, and changes nothing",
    ([, bad]) => check(bad),
  );
});
