import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openHttpMemory } from "./http-memory.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const answer = { etag: 'W/"one"', body: Buffer.from("first line\nsecond\n") };
const read = async (memory: ReturnType<typeof openHttpMemory>, url: string) => {
  const found = await memory.get(url);
  return found && { etag: found.etag, body: Buffer.from(found.body).toString("utf8") };
};

it("an answer is there for the next run, under its address alone", async () => {
  await openHttpMemory(join(folder, "new")).put("https://a.example/x", answer);
  const memory = openHttpMemory(join(folder, "new"));
  expect(await read(memory, "https://a.example/x")).toEqual({ etag: 'W/"one"', body: "first line\nsecond\n" });
  expect(await read(memory, "https://a.example/y")).toBeUndefined();
});

it("nothing is remembered that could not stand in a header", async () => {
  const memory = openHttpMemory(folder);
  for (const etag of ["", "a b", "a\r\nx: y", "ä", "x".repeat(1001)]) await memory.put("u", { ...answer, etag });
  expect(readdirSync(folder)).toEqual([]);
});

it("what was damaged is forgotten", async () => {
  const memory = openHttpMemory(folder);
  await memory.put("u", answer);
  const [file = ""] = readdirSync(folder);
  const whole = readFileSync(join(folder, file), "utf8");
  for (const text of [
    "",
    "no line",
    "a b\nbody",
    '"one"\nbody',
    whole.slice(0, -1),
    whole.replace("second", "sec0nd"),
  ]) {
    writeFileSync(join(folder, file), text);
    expect(await memory.get("u")).toBeUndefined();
  }
});

it("a folder that cannot be written costs the memory, not the run", async () => {
  writeFileSync(join(folder, "file"), "");
  const memory = openHttpMemory(join(folder, "file"));
  await memory.put("u", answer);
  expect(await memory.get("u")).toBeUndefined();
});
