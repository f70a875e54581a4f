import { expect, it } from "vitest";
import { sweepWorld } from "./sweep-world.ts";

// Sweeps of the built product, by what GitHub says of the pull requests of several repositories.
type World = Awaited<ReturnType<typeof sweepWorld>>;

async function up(at: World, app: string, { number, sha }: { number: number; sha: string }) {
  const { exitCode, stderr, answer } = await at.preview("up", app, `${number}`, "--sha", sha);
  expect(exitCode, stderr).toBe(0);
  expect(answer).toMatchObject({ state: "created" });
}

const of = (app: string, number: number) => `previews/${app}/pr-${number}/${app}.yaml`;

it("names what was missed, brings back what was deleted or changed by hand, and leaves what has moved on", async () => {
  await using at = await sweepWorld();
  const [merged, changed, moved] = [await at.open(), await at.open(), await at.open()];
  for (const one of [merged, changed, moved]) await up(at, "web", one);
  await up(at, "docs", changed);
  const token = at.github.token("github-actions[bot]");
  await at.api("PUT", `acme/web/pulls/${merged.number}/merge`, {}, token);
  const [first, second] = [of("web", changed.number), of("docs", changed.number)];
  const before = at.previews.git.git("cat-file", "blob", `main:${first}`);
  at.byHand({ [first]: "kind: ConfigMap\n", [second]: undefined, [of("web", moved.number)]: undefined });
  const newer = at.apps["acme/web"].git.push(moved.head, { y: "y\n" });
  at.github.requests.splice(0);

  const swept = await at.action("schedule", { mode: "sweep" });
  expect(swept.exitCode, swept.stderr + swept.stdout).toBe(0);
  expect(swept.outputs).toMatchObject({
    ...{ result: "swept", swept: `web pr-${merged.number}`, kept: "3", reason: "", degraded: "" },
    ...{ commit: at.previews.tip("main"), commits: at.previews.tip("main") },
    missing: `docs pr-${changed.number},web pr-${changed.number},web pr-${moved.number}`,
  });
  expect(swept.stdout).toMatch(
    new RegExp(
      `^::warning.*web pr-${merged.number} was left behind.*merged by github-actions\\[bot\\].*sends no event`,
      "m",
    ),
  );
  expect(swept.stdout).toMatch(new RegExp(`^::notice.*web pr-${moved.number}.*${newer.slice(0, 7)}`, "m"));
  expect(at.previews.git.git("cat-file", "blob", `main:${first}`)).toBe(before);
  expect(at.there()).toContain(second);
  expect(at.there()).not.toContain(of("web", merged.number));
  expect(at.there()).not.toContain(of("web", moved.number));
  // A list, the one that is closed, and its comment.
  const asked = at.github.requests.filter(({ name }) => name.includes("/pulls"));
  expect(asked).toHaveLength(2);
  const log = `${swept.stdout}${swept.stderr}`.replace(/^::add-mask::.*$/gm, "");
  expect(log).not.toContain("token-of-previews-alone");
}, 120_000);

it("refuses in each of its brakes, and touches nothing", async () => {
  await using at = await sweepWorld();
  const pulls = [await at.open(), await at.open(), await at.open(), await at.open(), await at.open()];
  for (const one of pulls) await up(at, "web", one);
  const before = at.previews.tip("main");
  const list = (change: (all: Record<string, unknown>[]) => unknown[]) => async () => {
    at.github.fault = () => undefined;
    const all = await at.api<Record<string, unknown>[]>("GET", "acme/web/pulls?state=open&per_page=100");
    const answer = { status: 200, text: JSON.stringify(change(all)) };
    at.github.fault = ({ name }) => (name === "GET /repos/acme/web/pulls" ? { answer } : undefined);
  };
  const fails = (status: number) => async () => {
    const answer = { status, text: JSON.stringify({ message: "No" }) };
    at.github.fault = ({ name }) => (name.includes("/acme/web/pulls") ? { answer } : undefined);
  };
  const cases: [string, () => Promise<void>, number, object][] = [
    ["a list with one twice", list((all) => [all[0], ...all]), 3, { result: "refused" }],
    ["no open one at all", list(() => []), 3, { result: "refused" }],
    ["a forge that is down", fails(503), 4, { result: "error", code: "forge/unreachable" }],
    ["a token that may not", fails(403), 2, { result: "error", code: "pull/forbidden" }],
  ];
  for (const [name, happens, code, answer] of cases) {
    await happens();
    const refused = await at.preview("sweep", "--force");
    expect([name, refused.exitCode], refused.stderr).toEqual([name, code]);
    expect(refused.answer).toMatchObject(answer);
  }
  at.github.fault = () => undefined;
  for (const one of pulls.slice(0, 4)) await at.close(one);
  const tooMany = await at.preview("sweep");
  expect(tooMany.exitCode).toBe(3);
  expect(tooMany.answer).toMatchObject({ result: "refused", refusals: [expect.stringContaining("more than 3 of 5")] });
  expect(at.previews.tip("main")).toBe(before);
  const plan = await at.preview("sweep", "--plan");
  expect(plan.answer).toMatchObject({ result: "refused", swept: { length: 4 }, commit: null });
  expect(at.previews.tip("main")).toBe(before);
  expect((await at.preview("sweep", "--force")).answer).toMatchObject({ result: "swept", kept: 1 });
}, 240_000);

it("of several repositories: one that fails, or brakes, keeps no other from being swept, and the exit code says it", async () => {
  await using at = await sweepWorld();
  const pulls = [await at.open(), await at.open("acme/site"), await at.open("acme/site")];
  const [web, gone] = pulls as [(typeof pulls)[0], (typeof pulls)[0]];
  await up(at, "web", web);
  for (const one of pulls.slice(1)) await up(at, "site", one);
  await at.close(gone);
  const answer = { status: 403, text: JSON.stringify({ message: "No" }) };
  at.github.fault = ({ name }) => (name.includes("/acme/web/pulls") ? { answer } : undefined);
  const failed = await at.preview("sweep");
  expect(failed.exitCode, failed.stderr).toBe(2);
  expect(failed.answer).toMatchObject({
    ...{ result: "incomplete", swept: [{ app: "site", number: gone.number }] },
    failures: [{ of: "acme/web", code: "pull/forbidden" }],
  });
  expect(failed.stderr).toContain("acme/web");
  expect(at.there()).not.toContain(of("site", gone.number));
  expect(at.there()).toContain(of("web", web.number));

  // None is open of one of them any more.
  at.github.fault = () => undefined;
  await at.close(web);
  at.byHand({ [of("site", pulls[2]?.number ?? 0)]: undefined });
  const braked = await at.preview("sweep");
  expect(braked.exitCode, braked.stderr).toBe(3);
  expect(braked.answer).toMatchObject({
    ...{ result: "refused", swept: [], commits: [at.previews.tip("main")] },
    missing: [{ app: "site", became: "restored" }],
  });
}, 240_000);

it("renders with the template of the branch that it goes into; one that is broken keeps no orphan of others alive", async () => {
  await using at = await sweepWorld();
  const site = at.apps["acme/site"];
  const [kept, orphan] = [await at.open("acme/site"), await at.open()];
  const both = await at.open();
  await up(at, "site", kept);
  for (const one of [orphan, both]) await up(at, "web", one);
  await up(at, "docs", both);
  site.git.push("main", { "deploy/site.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: { name: later }\n" });
  at.byHand({
    ...{
      [of("site", kept.number)]: undefined,
      [of("web", both.number)]: undefined,
      [of("docs", both.number)]: undefined,
    },
    "preview/docs/docs.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: { name: docs, namespace: production }\n",
  });
  await at.close(orphan);
  const swept = await at.preview("sweep");
  expect(swept.exitCode, swept.stderr).toBe(2);
  expect(swept.answer).toMatchObject({
    ...{ result: "incomplete", swept: [{ app: "web", number: orphan.number }] },
    failures: [{ of: `docs pr-${both.number}`, code: "preview/namespace" }],
  });
  expect(at.there()).toEqual(expect.arrayContaining([of("site", kept.number), of("web", both.number)]));
  expect(at.there()).not.toContain(of("docs", both.number));
  expect(at.previews.git.git("cat-file", "blob", `main:${of("site", kept.number)}`)).toContain("name: later");
}, 240_000);

it("a branch that was deleted takes down what is closed of it, and nothing that is open", async () => {
  await using at = await sweepWorld();
  const [gone, stays, other] = [await at.open(), await at.open(), await at.open()];
  for (const one of [gone, stays]) await up(at, "web", one);
  await up(at, "docs", gone);
  const deleted = ({ head }: { head: string }) => ({ ref: head, ref_type: "branch", sender: { login: "ada" } });
  const open = await at.action("delete", {}, deleted(stays));
  expect(open.exitCode, open.stderr + open.stdout).toBe(0);
  expect(open.outputs).toMatchObject({ state: "unchanged", kept: "1", commit: "" });
  await at.close(gone);
  const done = await at.action("delete", { mode: "close" }, deleted(gone));
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  expect(done.outputs).toMatchObject({
    ...{ state: "removed", swept: `docs pr-${gone.number},web pr-${gone.number}`, commit: at.previews.tip("main") },
  });
  expect(at.there().every((path) => path.startsWith(`previews/web/pr-${stays.number}/`))).toBe(true);
  expect((await at.action("delete", {}, deleted(other))).outputs).toMatchObject({ state: "unchanged", commit: "" });
}, 240_000);

it("says by which mode what would go, where the event does not", async () => {
  await using at = await sweepWorld();
  const one = await at.open();
  await up(at, "web", one);
  const number = `${one.number}`;
  const cases: [Record<string, string>, string, string][] = [
    [{ app: "web" }, "preview/no-number", "mode: sweep"],
    [{ mode: "sweep", number }, "preview/mode", "number"],
    [{ mode: "close", number, force: "true", app: "web" }, "preview/mode", "force"],
    [{ mode: "command", number }, "input/app-missing", "app"],
  ];
  for (const [inputs, code, fix] of cases) {
    const { exitCode, stdout } = await at.action("schedule", inputs);
    expect([code, exitCode]).toEqual([code, 2]);
    expect(stdout).toContain(code);
    expect(stdout).toContain(fix);
  }
  const open = await at.action("schedule", { mode: "close", app: "web", number });
  expect([open.exitCode, open.outputs.reason]).toEqual([3, "preview/open"]);
  const named = await at.action("schedule", { app: "web", number });
  expect([named.exitCode, named.outputs.state]).toEqual([0, "removed"]);
}, 240_000);

it("a forge that is down after the push is told, and what was pushed stands", async () => {
  await using at = await sweepWorld();
  const [gone, stays] = [await at.open(), await at.open()];
  const answer = { status: 503, text: JSON.stringify({ message: "Down" }) };
  const down = () => {
    at.github.fault = ({ name }) => (name.includes("/comments") ? { answer } : undefined);
  };
  down();
  for (const { number, sha } of [gone, stays]) {
    const up = await at.preview("up", "web", `${number}`, "--sha", sha);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(up.answer).toMatchObject({ state: "created", degraded: expect.stringContaining(`#${number}`) });
  }
  await at.close(gone);
  const swept = await at.preview("sweep");
  expect(swept.exitCode, swept.stderr).toBe(0);
  expect(swept.answer).toMatchObject({ result: "swept", degraded: expect.stringContaining(`#${gone.number}`) });
  expect(at.there().every((path) => path.startsWith(`previews/web/pr-${stays.number}/`))).toBe(true);
}, 240_000);

it("asks for the tip once, and says what it cost", async () => {
  await using at = await sweepWorld();
  const { number, sha } = await at.open();
  // The tip, and what is read of it.
  const { exitCode, answer } = await at.preview("list");
  expect([exitCode, answer.cost]).toEqual([0, expect.objectContaining({ way: "wire", requests: 2 })]);
  const up = await at.preview("up", "web", `${number}`, "--sha", sha, "--plan");
  expect(up.answer).toMatchObject({ result: "planned", cost: { way: "wire", api: [expect.anything()] } });
}, 120_000);
