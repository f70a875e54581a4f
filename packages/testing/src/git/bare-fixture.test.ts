import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { BareFixture } from "./bare-fixture.ts";

it("reads its refs while others make and remove them", async () => {
  using repository = new BareFixture({ seed: { "a.txt": "a\n" } });
  const main = repository.refs().get("refs/heads/main") ?? "";
  const loop = `for i in $(seq 60); do git update-ref refs/heads/deep/er/x ${main}; git update-ref -d refs/heads/deep/er/x; done`;
  const beside = spawn("sh", ["-c", loop], { cwd: repository.path, stdio: "ignore" });
  const ended = once(beside, "exit");
  let looks = 0;
  for (; beside.exitCode === null; looks++) {
    expect(repository.refs().get("refs/heads/main")).toBe(main);
    await new Promise(setImmediate);
  }
  expect(await ended).toEqual([0, null]);
  expect(looks).toBeGreaterThan(10);
});

it("prints what a command says of the refs as they are, also where it was asked before", () => {
  using repository = new BareFixture({ seed: { "a.txt": "a\n" } });
  const count = () => repository.git("rev-list", "--count", "main");
  expect([count(), count()]).toEqual(["1", "1"]);
  const pushed = repository.push("main", { "b.txt": "b\n" });
  expect([count(), repository.git("rev-parse", "main")]).toEqual(["2", pushed]);
  repository.git("branch", "old", "main~1");
  const head = () => repository.git("rev-parse", "HEAD");
  expect(head()).toBe(pushed);
  repository.git("symbolic-ref", "HEAD", "refs/heads/old");
  expect(head()).not.toBe(pushed);
  repository.git("update-ref", "-d", "refs/heads/main");
  expect(repository.refs().has("refs/heads/main")).toBe(false);
  expect(() => count()).toThrow("main");
});
