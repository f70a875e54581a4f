import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processHost } from "./process-host.ts";

const env = { PATH: process.env.PATH ?? "" };
const sh = (script: string, input?: Uint8Array | string) => ({
  program: "sh",
  args: ["-c", script],
  cwd: "/",
  env: { ...env, NAMED: "by the caller" },
  ...(input === undefined ? {} : { input }),
});
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 256));

async function printed(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

test("what a program prints, its errors and its exit code come back", () => {
  const { status, stdout, stderr } = processHost().runSync(sh('echo "$NAMED" in $(pwd); echo badly >&2; exit 3'));
  expect([status, stdout.toString(), stderr.toString()]).toEqual([3, "by the caller in /\n", "badly\n"]);
});

test("a program that a signal ends has no exit code", () => {
  expect(processHost().runSync(sh("kill -9 $$")).status).toBeNull();
});

test("what is more than a pipe holds arrives as it was, both ways", async () => {
  const input = bytes(3_000_001);
  expect(processHost().runSync(sh("cat", input)).stdout.equals(input)).toBe(true);
  expect((await printed(processHost().run(sh("cat", input)))).equals(input)).toBe(true);
});

test("many that run at once each get their own, also while another is waited for", async () => {
  const running = Array.from({ length: 20 }, (_, index) => printed(processHost().run(sh(`echo ${index}`))));
  expect(processHost().runSync(sh("echo waited for")).stdout.toString()).toBe("waited for\n");
  const all = await Promise.all(running);
  expect(all.map(String)).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\n`));
});

test("the beginning is given while the rest is made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "glu-test-"));
  const seen = join(folder, "seen");
  const parts = processHost().run(sh(`echo begin; until [ -e ${seen} ]; do sleep 0.01; done; echo end`));
  expect(String((await parts.next()).value)).toBe("begin\n");
  writeFileSync(seen, "");
  expect(String(await printed(parts))).toBe("end\n");
  rmSync(folder, { recursive: true });
});

test("a program that is not there is an error", async () => {
  const missing = { program: "/nowhere/git", args: [], cwd: "/", env };
  expect(() => processHost().runSync(missing)).toThrow("ENOENT");
  await expect(printed(processHost().run(missing))).rejects.toThrow("ENOENT");
});

test("a program that does not read its input ends as it does otherwise", async () => {
  expect(processHost().runSync(sh("exit 0", bytes(1_000_000))).status).toBe(0);
  expect(String(await printed(processHost().run(sh("echo done", bytes(1_000_000)))))).toBe("done\n");
});
