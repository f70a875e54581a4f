import { expect, test } from "vitest";
import { digest, valuesOf, written } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

type Json = Record<string, unknown>;
const staging = valuesOf("web", "staging");
const ofStaging = ["--app", "web", "--environment", "staging"] as const;

/** A config repository that says what runs in staging, and has no record of it. */
async function before(version: string, digit: string): Promise<Terminal> {
  const terminal = await Terminal.start();
  terminal.delivery.config.push("main", { [staging]: written(version, digit) });
  return terminal;
}

test("what runs is adopted by one commit of records alone, once; promoting it changes nothing, and it has not drifted", async () => {
  await using terminal = await before("1.1.0", "b");
  const { config } = terminal.delivery;
  const id = await terminal.create("1.1.0", "b");
  // Nothing that could have drifted is not the same as nothing drifted.
  expect((await terminal.glu("drift")).stdout).toContain("no place has a record yet");
  const planned = await terminal.json("adopt", ...ofStaging, "--plan");
  expect(planned).toMatchObject({
    exitCode: 0,
    answer: { schema: "glu.adoption.v1", result: "planned", commit: null },
  });
  const tip = terminal.delivery.tip;
  const adopted = await terminal.json("adopt", ...ofStaging, "--reason", "move to Glu");
  expect(adopted, adopted.stderr).toMatchObject({
    exitCode: 0,
    answer: {
      result: "adopted",
      commit: terminal.delivery.tip,
      places: [{ app: "web", environment: "staging", result: "adopted", artifact: id, origin: "store" }],
    },
  });
  expect(config.git("diff", "--name-only", tip, "main").trim()).toBe(".glu/web/staging.json");
  const record = JSON.parse(terminal.delivery.file(".glu/web/staging.json")) as Json;
  expect(violations("record", record)).toEqual([]);
  expect(record).toMatchObject({ current: { kind: "adopted", reason: "move to Glu", artifact: { id } } });
  expect(config.git("log", "-1", "--format=%B", "main")).toMatch(/^Glu-Kind: adopted$/m);
  const commit = terminal.delivery.tip;
  expect((await terminal.json("adopt", ...ofStaging)).answer).toMatchObject({ result: "unchanged", commit: null });
  const promoted = await terminal.json("promote", ...ofStaging, "--artifact", id);
  expect(promoted.answer).toMatchObject({ result: "unchanged" });
  expect((await terminal.json("drift")).answer).toMatchObject({ result: "clean", findings: [] });
  expect(terminal.delivery.tip).toBe(commit);
});

test("what no artifact fits is told, and made of what the files say when that is asked for", async () => {
  await using terminal = await before("0.9.0", "d");
  const told = await terminal.json("adopt", ...ofStaging);
  expect(told).toMatchObject({
    exitCode: 3,
    answer: {
      result: "incomplete",
      places: [{ result: "unknown", code: "adopt/no-artifact", fix: expect.stringContaining("--allow-unknown") }],
    },
  });
  const made = await terminal.json("adopt", ...ofStaging, "--allow-unknown");
  expect(made, made.stderr).toMatchObject({
    exitCode: 0,
    answer: { places: [{ result: "adopted", origin: "files" }] },
  });
  const record = JSON.parse(terminal.delivery.file(".glu/web/staging.json")) as Json;
  expect(violations("record", record)).toEqual([]);
  expect(record).toMatchObject({ current: { artifact: { images: { web: { tag: "0.9.0", digest: digest("d") } } } } });
  // A file of the seed: its digest is none that an image could have.
  const seed = await terminal.json("adopt", "--app", "api", "--allow-unknown");
  expect(seed).toMatchObject({ exitCode: 3, answer: { places: [{ code: "adopt/unreadable" }, {}] } });
});

test("a change by hand is found with its commit, line and what held the place, and fails the check", async () => {
  await using terminal = await before("1.1.0", "b");
  const { config } = terminal.delivery;
  await terminal.create("1.1.0", "b");
  await terminal.json("adopt", ...ofStaging);
  const since = terminal.delivery.tip;
  config.push("main", { [staging]: written("6.6.6", "b") });
  const culprit = terminal.delivery.tip;
  const found = await terminal.json("drift");
  expect(violations("drift", found.answer)).toEqual([]);
  expect(found).toMatchObject({
    exitCode: 3,
    answer: {
      result: "drifted",
      commits: null,
      findings: [
        {
          code: "drift/changed-by-hand",
          path: staging,
          line: 3,
          selector: "image.tag",
          recorded: "1.1.0",
          found: "6.6.6",
          by: { commit: culprit, byGlu: false },
          past: [],
        },
      ],
    },
  });
  expect((await terminal.json("drift", "--on-drift", "succeed")).exitCode).toBe(0);
  const text = await terminal.glu("drift", "--since", since);
  expect([text.exitCode, text.stdout]).toEqual([3, expect.stringContaining("6.6.6")]);
  config.push("main", { [staging]: written("1.1.0", "b") });
  expect((await terminal.json("drift", "--since", since)).answer).toMatchObject({
    result: "clean",
    places: 0,
    commits: 2,
  });

  await terminal.json("freeze", "all", "--reason", "holidays");
  config.push("main", { [staging]: written("7.7.7", "b"), ".glu/_freeze/all.json": "{}\n" });
  const violation = await terminal.json("drift", "--since", since);
  expect(violations("drift", violation.answer)).toEqual([]);
  expect(violation).toMatchObject({
    exitCode: 3,
    answer: {
      result: "violation",
      findings: [
        { code: "drift/violation", past: [{ kind: "freeze", reason: "holidays" }] },
        { code: "drift/edited-by-hand", path: ".glu/_freeze/all.json", change: "changed", app: null },
      ],
    },
  });
  const unknown = await terminal.json("drift", "--since", "f".repeat(40));
  expect(unknown).toMatchObject({ exitCode: 2, answer: { code: "input/since" } });
});
