import { expect, test } from "vitest";
import { config, valuesOf } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

/** web goes as far as it may by itself, which is into staging and a demo; production waits for an hour. */
const edges = config
  .replace(
    "    tier: production\n",
    "    tier: production\n    auto: newest\n    gates: [{ soak: 1h }]\n  demo:\n    from: staging\n    auto: upstream\n",
  )
  // At a terminal nothing was pushed.
  .replace("event: push, ", "");

const start = () =>
  Terminal.start({
    "glu.yaml": edges,
    [valuesOf("web", "demo")]: "image:\n  tag: x\n  digest: y\n",
    [valuesOf("api", "demo")]: "image:\n  tag: x\n  digest: y\n",
  });

interface Answer {
  decisions: { app: string; environment: string; result: string }[];
  reconciled: { drifted: { path: string; selector: string }[]; next: string | null; looked: object };
}
const said = ({ decisions }: Answer) => decisions.map((one) => `${one.app} ${one.environment} ${one.result}`).sort();

test("one run takes an artifact as far as it may go, the next one has nothing to do", async () => {
  await using terminal = await start();
  await terminal.create("1.1.0", "b");
  const before = terminal.delivery.config.git("rev-list", "--count", "main");
  const { exitCode, answer, stderr } = await terminal.json("reconcile");
  const first = answer as unknown as Answer;
  expect(exitCode, stderr).toBe(0);
  expect(violations("decision", answer)).toEqual([]);
  expect(said(first)).toEqual(["web demo promoted", "web production held", "web staging promoted"]);
  expect(first.reconciled.looked).toEqual({ apps: 2, environments: 3, places: 6 });
  expect(first.reconciled.next).not.toBeNull();
  const subjects = terminal.delivery.config.git("log", "-2", "--format=%s", "main").split("\n");
  expect(subjects).toEqual(["Promote web to demo: 1.1.0", "Promote web to staging: 1.1.0"]);
  const again = await terminal.json("reconcile", "--on-held", "fail");
  expect([again.exitCode, said(again.answer as unknown as Answer)]).toEqual([
    3,
    ["web demo unchanged", "web production held", "web staging unchanged"],
  ]);
  expect(Number(terminal.delivery.config.git("rev-list", "--count", "main"))).toBe(Number(before) + 2);
});

test("a plan writes nothing, and what was changed by hand is found", async () => {
  await using terminal = await start();
  await terminal.create("1.1.0", "b");
  const tip = terminal.delivery.tip;
  const planned = await terminal.json("reconcile", "--plan");
  expect(said(planned.answer as unknown as Answer)).toEqual(["web staging planned"]);
  expect(terminal.delivery.tip).toBe(tip);
  await terminal.json("reconcile");
  const path = valuesOf("web", "staging");
  terminal.delivery.config.push("main", { [path]: terminal.delivery.file(path).replace("1.1.0", "0.0.1") });
  const { answer } = await terminal.json("reconcile");
  expect((answer as unknown as Answer).reconciled.drifted).toMatchObject([{ path, selector: "image.tag" }]);
});

test("promote with mode reconcile is the same, and takes nothing that is asked for by name", async () => {
  await using terminal = await start();
  await terminal.create("1.1.0", "b");
  const { answer } = await terminal.json("promote", "--mode", "reconcile");
  expect(said(answer as unknown as Answer)).toEqual([
    "web demo promoted",
    "web production held",
    "web staging promoted",
  ]);
  const refused = await terminal.json("promote", "--mode", "reconcile", "--reason", "because");
  expect([refused.exitCode, refused.answer.code]).toEqual([2, "input/not-with-reconcile"]);
  const idle = await terminal.json("promote", "--cache", "kept");
  expect([idle.exitCode, idle.answer.code]).toEqual([2, "input/only-with-reconcile"]);
});
