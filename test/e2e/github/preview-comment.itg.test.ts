import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { CommentedJobs } from "./commented-job.ts";

// The built actions in jobs that comments on pull requests start. Anybody can write a comment.
const minutes = 120_000;

it(
  "who may write brings a preview up, keeps it and takes it down by comments; two apps have one comment",
  async () => {
    await using at = await CommentedJobs.start();
    const { number, head } = await at.open();
    const up = await at.comment("ada", number, "/preview up");
    for (const APP of ["web", "docs"]) {
      const { exitCode, log, result } = await at.job("preview-up", { APP });
      expect([exitCode, result], log).toEqual([0, "created"]);
      expect(at.running(number, APP)).toBe(head);
    }
    expect(at.reactions(up)).toEqual(["rocket"]);
    expect(at.said(number)).toEqual([expect.stringMatching(/docs-pr-1\.preview[\s\S]*web-pr-1\.preview/)]);
    const state = JSON.parse(at.previews.git.git("cat-file", "blob", "main:.glu/_previews/web/pr-1.json"));
    expect(state).toMatchObject({ trust: { by: "command", sha: head }, actor: { name: "ada", verified: true } });
    // What is for the other action is none of its business.
    expect(await at.job("preview-down")).toMatchObject({ exitCode: 0, result: "none" });

    const keep = await at.comment("ada", number, "/preview extend 10d\r\n\r\nWe need it for the demo.");
    const kept = await at.job("preview-up");
    expect([kept.exitCode, kept.log], kept.log).toEqual([0, expect.stringContaining("stays until")]);
    expect(at.reactions(keep)).toEqual(["rocket"]);
    expect(at.said(number)).toHaveLength(1);

    const away = await at.comment("ada", number, "/preview down");
    expect(await at.job("preview-up")).toMatchObject({ exitCode: 0, result: "none" });
    const down = await at.job("preview-down");
    expect([down.exitCode, down.result], down.log).toEqual([0, "removed"]);
    expect([at.running(number), at.running(number, "docs")]).toEqual([undefined, head]);
    expect(at.reactions(away)).toEqual(["rocket"]);
  },
  minutes,
);

it(
  "who may not write commands nothing, also of a pull request of one's own",
  async () => {
    await using at = await CommentedJobs.start();
    const [own, fork] = [await at.open(), await at.open("eve")];
    const before = at.previews.tip("main");
    for (const [login, number, body] of [
      ["bob", own.number, "/preview up"],
      ["bob", own.number, "/preview down"],
      ["stranger", own.number, `/preview up ${own.head}`],
      ["eve", fork.number, `/preview up ${fork.head}`],
    ] as const) {
      await at.comment(login, number, body);
      const refused = await at.job(body.includes("down") ? "preview-down" : "preview-up");
      expect([refused.exitCode, refused.reason], refused.log).toEqual([3, "preview/not-allowed"]);
      expect(refused.summary).toContain(`${login} may not write`);
    }
    expect(at.previews.tip("main")).toBe(before);
    expect(at.web.reactions.every(({ content }) => content === "-1")).toBe(true);
    expect(at.said(own.number)).toEqual([]);
  },
  minutes,
);

it(
  "of a fork the comment must name the commit, and counts for that alone",
  async () => {
    await using at = await CommentedJobs.start();
    const { number, head, push } = await at.open("eve");
    const vague = await at.comment("ada", number, "/preview up");
    const asked = await at.job("preview-up");
    expect([asked.exitCode, asked.reason], asked.log).toEqual([3, "preview/no-commit"]);
    expect(asked.log).toContain(`/preview up ${head}`);
    expect(at.reactions(vague)).toEqual(["-1"]);

    await at.comment("ada", number, `/preview up ${head}`);
    const up = await at.job("preview-up");
    expect([up.exitCode, up.result], up.log).toEqual([0, "created"]);
    expect(at.running(number)).toBe(head);

    // Somebody has pushed between the look and the comment.
    const next = push();
    const late = await at.comment("ada", number, `/preview up ${head}`);
    const refused = await at.job("preview-up");
    expect([refused.exitCode, refused.reason], refused.log).toEqual([3, "preview/overtaken"]);
    expect(refused.log).toContain(`/preview up ${next}`);
    expect(at.reactions(late)).toEqual(["-1"]);
    const never = await at.comment("ada", number, `/preview up ${"0".repeat(40)}`);
    expect((await at.job("preview-up")).reason).toBe("preview/overtaken");
    expect(at.reactions(never)).toEqual(["-1"]);
    expect(at.running(number)).toBe(head);
  },
  minutes,
);

it(
  "without a commit it means the head at the time of the comment, and not what was pushed after it",
  async () => {
    await using at = await CommentedJobs.start();
    const { number, push } = await at.open();
    await at.comment("ada", number, "/preview up");
    const next = push();
    // The forge tells whole seconds, and this has all happened in one.
    const later = () => {
      for (const one of at.web.pushes) if (one.after === next) one.at = "2099-01-01T00:00:00Z";
      Object.assign(at.web.pull(number) ?? {}, { updatedAt: "2099-01-01T00:00:00Z" });
    };
    at.web.catchUp();
    later();
    const refused = await at.job("preview-up");
    expect([refused.exitCode, refused.reason], refused.log).toEqual([3, "preview/no-commit"]);
    expect(refused.log).toContain("somebody pushed after the comment");
    // Where the forge does not tell when it was pushed, it is not guessed.
    at.github.fault = ({ name }) => (name.includes("/activity") ? { answer: { status: 403, text: "{}" } } : undefined);
    const untold = await at.job("preview-up");
    expect([untold.exitCode, untold.log], untold.log).toEqual([3, expect.stringContaining("cannot be told")]);
    expect(at.running(number)).toBeUndefined();
  },
  minutes,
);

it(
  "a comment of long ago, run again, does not take down what came up since",
  async () => {
    await using at = await CommentedJobs.start();
    const { number, head } = await at.open();
    await at.comment("ada", number, "/preview up");
    expect((await at.job("preview-up")).result).toBe("created");
    const old = { id: 1, user: { login: "ada" }, body: "/preview down", created_at: "2026-01-02T00:00:00Z" };
    await at.comment("ada", number, "/preview down", { comment: old });
    const again = await at.job("preview-down");
    expect([again.exitCode, again.reason], again.log).toEqual([3, "preview/overtaken"]);
    expect(at.running(number)).toBe(head);
  },
  minutes,
);

it(
  "a comment of long ago, run again, does not bring back what was taken down since; a new one does",
  async () => {
    await using at = await CommentedJobs.start();
    const { number, head } = await at.open();
    const of = (body: string, created_at: string) => ({ comment: { id: 1, user: { login: "ada" }, body, created_at } });
    const up = of(`/preview up ${head}`, "2026-01-02T00:00:00Z");
    await at.comment("ada", number, "/preview up", up);
    expect((await at.job("preview-up")).result).toBe("created");
    await at.comment("ada", number, "/preview down");
    expect((await at.job("preview-down")).result).toBe("removed");
    // What Glu and people have said since has changed the pull request.
    await at.comment("ada", number, "Thanks", up);
    const again = await at.job("preview-up");
    expect([again.exitCode, again.reason], again.log).toEqual([3, "preview/gone"]);
    expect(at.running(number)).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await at.comment("ada", number, "/preview up");
    expect((await at.job("preview-up")).result).toBe("created");
    expect(at.running(number)).toBe(head);
  },
  minutes,
);

it("what is no command, was edited, or stands on an issue does nothing, quietly; text stays text", async () => {
  await using at = await CommentedJobs.start();
  const { number } = await at.open();
  const before = at.previews.tip("main");
  const pwned = `/tmp/pwned-${process.pid}`;
  const quiet = async (body: string, more: Record<string, unknown> = {}) => {
    const id = await at.comment("ada", number, body, more);
    for (const action of ["preview-up", "preview-down"] as const) {
      const { exitCode, result, log } = await at.job(action);
      expect([exitCode, result], log).toEqual([0, "none"]);
      expect(log).not.toContain("::set-output");
    }
    expect(at.reactions(id)).toEqual([]);
  };
  await quiet(`/preview up $(touch ${pwned})`);
  await quiet(`/preview up\n/preview down`);
  await quiet("/preview up abc1234\n::set-output name=result::created");
  await quiet(`/preview up ${"x".repeat(60_000)}`);
  await quiet("Looks good to me");
  await quiet("/preview up", { action: "edited" });
  await quiet("/preview up", { issue: { number, updated_at: "2026-11-28T08:00:00Z" } });
  expect(existsSync(pwned)).toBe(false);
  expect(at.previews.tip("main")).toBe(before);
}, 240_000);

it("who may command is asked before anything is done, and never taken on trust", async () => {
  await using at = await CommentedJobs.start();
  const { number, head } = await at.open();
  const before = at.previews.tip("main");
  const id = await at.comment("ada", number, "/preview up", { author_association: "OWNER" });
  for (const [status, code] of [
    [403, "actor/forbidden"],
    [500, "forge/unreachable"],
  ] as const) {
    at.github.fault = ({ name }) =>
      name.includes("/permission") ? { answer: { status, text: JSON.stringify({ message: "No" }) } } : undefined;
    const blind = await at.job("preview-up");
    expect([blind.exitCode, blind.log], blind.log).toEqual([4, expect.stringContaining(code)]);
  }
  at.github.fault = () => undefined;
  expect(at.reactions(id)).toEqual(["-1"]);
  // What a workflow names would be done for anybody; and the word of who may write here says nothing of another repository.
  for (const inputs of [{ NUMBER: String(number) }, { SHA: head }, { APP: "other" }]) {
    const wrong = await at.job("preview-up", inputs as Record<string, string>);
    expect([wrong.exitCode, wrong.log], wrong.log).toEqual([2, expect.stringContaining("preview/of-comment")]);
  }
  expect(at.previews.tip("main")).toBe(before);

  // A reaction that is refused undoes nothing.
  at.github.fault = ({ name }) => (name.includes("/reactions") ? { answer: { status: 403, text: "{}" } } : undefined);
  const up = await at.job("preview-up");
  expect([up.exitCode, up.result], up.log).toEqual([0, "created"]);
  expect(up.log).toContain("The comment could not be answered");
  expect(at.running(number)).toBe(head);
}, 240_000);
