import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandIn } from "./comment-command.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

describe("what a comment commands", () => {
  it.each([
    ["/preview up", { verb: "up", sha: undefined }],
    [`/preview up ${sha}`, { verb: "up", sha }],
    [`/preview up ${sha}${sha.slice(0, 24)}`, { verb: "up", sha: `${sha}${sha.slice(0, 24)}` }],
    ["/preview down", { verb: "down" }],
    ["/preview extend 2d", { verb: "extend", by: "2d" }],
    ["/preview extend 1w2d", { verb: "extend", by: "1w2d" }],
    // As forges send it.
    ["/preview down\r\n", { verb: "down" }],
    ["/preview down  \t\n\nIt is not needed any more.", { verb: "down" }],
  ])("%j is a command", (body, command) => expect(commandIn(body)).toEqual(command));

  it.each([
    "",
    "Looks good",
    "Please /preview up",
    " /preview up",
    "> /preview up",
    "`/preview up`",
    "\n/preview up",
    "/preview",
    "/preview up now",
    "/Preview up",
    "/preview  up",
    "/preview\tup",
    "/preview up abc1234",
    `/preview up ${sha.toUpperCase()}`,
    `/preview up ${sha}0`,
    `/preview up ${sha} ${sha}`,
    "/preview up $(touch pwned)",
    "/preview up `id`",
    "/preview up ${{ github.token }}",
    "/preview up; /preview down",
    "/preview up\u2028/preview down",
    "/preview up --force",
    "/preview down frontend",
    "/preview extend",
    "/preview extend 0d",
    "/preview extend -1d",
    "/preview extend 2",
    "/preview extend 999999w",
    "/preview extend 2d 3d",
    "/preview sweep",
    // Which of them was meant nobody knows.
    "/preview up\n/preview down",
    `/preview up\r\n\r\n  /preview up ${sha}`,
    "/preview up\r/preview down",
    `/preview up${" ".repeat(100_000)}`,
    "/preview up".repeat(10_000),
  ])("%j is none", (body) => expect(commandIn(body)).toBeUndefined());

  it("nothing but what it names comes out, and it takes no time, whatever a comment says", () => {
    const part = fc.oneof(
      fc.constantFrom("/preview", " ", "up", "down", "extend", "2d", sha, "\n", "\r", "$(x)", "\u0000", "::set-output"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const body = parts.join("");
        const command = commandIn(body);
        if (command === undefined) return;
        const [first = ""] = body.split(/\r\n|\r|\n/);
        const rest = command.verb === "up" ? (command.sha ?? "") : command.verb === "extend" ? command.by : "";
        expect(first.trimEnd()).toBe(`/preview ${command.verb}${rest === "" ? "" : ` ${rest}`}`);
        expect(rest).toMatch(/^[0-9a-z]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});
