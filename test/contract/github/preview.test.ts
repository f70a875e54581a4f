import { BareFixture } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { jobOf, type PullAsSent, previewFiles } from "../../product/pull-event.ts";

const [first, second] = ["a".repeat(40), "b".repeat(40)];

/** `name=value` of a runner's file of outputs, each with a delimiter around its value. */
const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, name, , value]) => [name, value]),
  );

test("the actions bring a preview up and down in the jobs of a pull request, and tell later steps where it is", async () => {
  using machine = new Machine();
  using config = new BareFixture({ seed: previewFiles });
  const run = async (name: string, pull: PullAsSent, stub = name) => {
    const inputs = { app: "web", "config-repository": config.path, ...(stub === "main" ? { command: name } : {}) };
    const ended = await machine.action(stub, inputs, { env: jobOf(machine, pull) });
    return { ...ended, outputs: outputsIn(ended.outputs) };
  };
  const opened: PullAsSent = { action: "opened", number: 7, head: first, updatedAt: "2026-11-21T07:00:00Z" };
  const up = await run("preview-up", opened);
  expect(up.code, up.stdout + up.stderr).toBe(0);
  expect(up.outputs).toEqual({
    ...{
      result: "created",
      state: "created",
      reason: "",
      degraded: "",
      namespace: "web-pr-7",
      host: "web-pr-7.preview.example.com",
      health: "unknown",
      evicted: "",
    },
    ...{ url: "https://web-pr-7.preview.example.com", commit: config.git("rev-parse", "main") },
    "expires-at": "2026-11-24T07:00:00.000Z",
  });
  expect(up.summary).toContain("https://web-pr-7.preview.example.com");
  expect(up.summary).toContain(first);

  const pushed: PullAsSent = { ...opened, action: "synchronize", head: second, updatedAt: "2026-11-21T07:01:00Z" };
  expect((await run("preview-up", pushed, "main")).outputs).toMatchObject({ state: "updated" });
  const late = await run("preview-up", opened);
  expect([late.code, late.outputs.state, late.outputs.reason]).toEqual([0, "refused", "preview/overtaken"]);
  expect(late.stdout).toMatch(/^::notice.*preview\/overtaken/m);

  const at = "2026-11-21T07:02:00Z";
  const closed: PullAsSent = { ...pushed, action: "closed", updatedAt: at, closedAt: at };
  const down = await run("preview-down", closed);
  expect([down.code, down.outputs.state, down.outputs.url]).toEqual([0, "removed", ""]);
  expect(config.git("ls-tree", "-r", "--name-only", "main")).not.toMatch(/^previews\//m);
});
