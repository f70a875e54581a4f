import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import type { Checks, CommitCheck } from "../ports/checks.ts";
import { looked } from "../test-kit/looking.ts";
import { artifactOf, someTip, start } from "../test-kit/memory.ts";
import { checks } from "./checks.ts";

const minute = 60_000;
const { sha } = artifactOf("web", 3).version;

const one = (
  name: string,
  state: CommitCheck["state"] = "succeeded",
  more: Partial<CommitCheck> = {},
): CommitCheck => ({
  name,
  state,
  said: state,
  since: start - minute,
  url: `https://ci.example/${encodeURIComponent(name)}`,
  ...more,
});

/** A forge with these checks on these commits; on others it has none. */
function forge(all: Readonly<Record<string, readonly CommitCheck[]>>) {
  const asked: string[] = [];
  const of: Checks["of"] = async ({ repository, commit }) => {
    asked.push(`${repository} ${commit.slice(0, 4)}`);
    return all[commit] ?? [];
  };
  return { checks: { of }, asked };
}

const said = (options: unknown, source: readonly CommitCheck[], config: readonly CommitCheck[] = []) =>
  looked(checks, options, { outside: forge({ [sha]: source, [someTip.commit]: config }) });

describe("checks of a commit", () => {
  it.each([
    ["a name", { names: "test" }, [one("test"), one("lint", "failed")], "test succeeded"],
    ["all of a pattern", { names: ["build*"] }, [one("build a"), one("build / b")], "build a, build / b succeeded"],
    ["several", { names: ["test", "lint"] }, [one("lint"), one("test")], "lint, test succeeded"],
    ["all but some", { names: ["*", "!flaky*"] }, [one("test"), one("flaky-e2e", "failed")], "test succeeded"],
  ])("let pass by %s", async (_, options, found, seen) => {
    expect(await said(options, found)).toMatchObject({ met: true, seen: expect.stringContaining(seen) });
  });

  it.each([
    ["test: [*]", "test: [ruby, 3.4]", "test: *"],
    ["test [x64]", "test [x64]", "test x"],
    ["what?", "what?", "what!"],
    ["{a,b}", "{a,b}", "a"],
    ["a\\b*", "a\\b/c", "ab"],
    ["ci / 構築 (*)", "ci / 構築 (x/y)", "ci / 構築"],
  ])("take %j for a name in which only * is special", async (pattern, name, other) => {
    expect(await said({ names: pattern }, [one(name)])).toMatchObject({ met: true });
    expect(await said({ names: pattern }, [one(other)])).toMatchObject({ code: "checks/missing" });
    expect(await said({ names: ["*", `!${pattern}`] }, [one(name, "failed"), one(other)])).toMatchObject({ met: true });
  });

  it("hold what is not there, and say what is", async () => {
    expect(await said({ names: ["test", "e2e", "build*"] }, [one("test"), one("lint")])).toMatchObject({
      met: false,
      outcome: "held",
      code: "checks/missing",
      seen: `e2e, build* are not on ${sha.slice(0, 7)}, the source commit: there are test, lint`,
      since: "2026-11-01T00:03:00.000Z",
      clearedBy: "what reports it on that commit of acme/web",
    });
    expect((await said({ names: "test" }, [])).seen).toContain("there is none");
    // What is left out is not there.
    expect((await said({ names: ["test*", "!test-b"] }, [one("test-b")])).code).toBe("checks/missing");
  });

  it("hold what failed, with its page and its own word", async () => {
    const found = [one("test", "failed", { said: "timed_out" }), one("lint", "failed", { said: "failure" }), one("x")];
    expect(await said({ names: "*" }, found)).toMatchObject({
      code: "checks/failed",
      seen: `test (timed out), lint did not succeed on ${sha.slice(0, 7)}, the source commit`,
      since: new Date(start - minute).toISOString(),
      clearedBy: "running it again",
      url: "https://ci.example/test",
    });
  });

  it.each([
    ["running", "is running"],
    ["waiting", "has not begun"],
  ] as const)("hold what is %s, since then", async (state, text) => {
    expect(await said({ names: ["test", "gone"] }, [one("test", state)])).toMatchObject({
      code: "checks/running",
      seen: expect.stringContaining(`test ${text}`),
      since: new Date(start - minute).toISOString(),
      clearedBy: expect.stringContaining("next run"),
    });
  });

  it("are asked in the declared repository, and on the commit that is decided on", async () => {
    const { checks: port, asked } = forge({ [sha]: [one("test")], [someTip.commit]: [one("test")] });
    const seen = await looked(checks, { names: "test", on: ["config", "source"] }, { outside: { checks: port } });
    expect(seen).toMatchObject({ met: true });
    expect(asked).toEqual([`acme/web ${sha.slice(0, 4)}`, "acme/config cccc"]);
  });

  it("hold for either commit", async () => {
    const both = { names: "test", on: ["source", "config"] };
    expect((await said(both, [one("test")], [one("test", "failed")])).seen).toContain("ccccccc, the config commit");
    expect((await said(both, [one("test", "failed")], [one("test")])).seen).toContain("the source commit");
    expect((await said(both, [one("test")], [])).code).toBe("checks/missing");
  });

  it("of the config commit are asked again on another one, those of the source commit are not", async () => {
    for (const [on, times] of [
      ["source", 1],
      ["config", 2],
    ] as const) {
      const { checks: port, asked } = forge({ [sha]: [one("test")] });
      const cache = new Map();
      const looking = { outside: { checks: port }, cache };
      await looked(checks, { names: "test", on }, looking);
      await looked(checks, { names: "test", on }, { ...looking, tip: { ...someTip, commit: "d".repeat(40) } });
      expect(asked).toHaveLength(times);
    }
  });

  it("hold where the forge does not tell", async () => {
    const of = async () => {
      throw new OutsideError("checks/forbidden", "The token has no access to acme/web.", { fix: "checks: read" });
    };
    expect(await looked(checks, { names: "*" }, { outside: { checks: { of } } })).toMatchObject({
      met: false,
      outcome: "held",
      code: "checks/forbidden",
      seen: "could not be evaluated: The token has no access to acme/web.",
      clearedBy: "checks: read",
    });
  });

  it("say names of others on one line, and not all of very many", async () => {
    const many = Array.from({ length: 9 }, (_, index) => one(`job\n::error::${index}`));
    const { seen } = await said({ names: "*" }, [one(`x${"y".repeat(500)}`), ...many]);
    expect(seen).not.toContain("\n");
    expect(seen).toContain("and 5 more");
    expect(seen.length).toBeLessThan(400);
  });

  it.each([
    [{ names: ["!test"] }],
    [{ names: [] }],
    [{ names: "glu/production" }],
    [{ names: " " }],
    [{ names: "test", on: "tip" }],
    [{}],
  ])("cannot be asked with %j", (options) => {
    expect(checks.options?.safeParse(options).success).toBe(false);
  });
});
