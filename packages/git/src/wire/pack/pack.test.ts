import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Sha } from "@glu/core";
import { BareFixture, plainGitEnvironment } from "@glu/testing/internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedReply } from "../../objects/malformed-reply.ts";
import { applyDelta, makeDelta } from "./delta.ts";
import { type GitObject, objectId } from "./object.ts";
import { readPack } from "./read-pack.ts";
import { writePack } from "./write-pack.ts";

const nothing = (): undefined => undefined;
const git = (cwd: string, args: string[], input: string | Buffer = "") =>
  execFileSync("git", args, { cwd, env: plainGitEnvironment, input, maxBuffer: 1 << 28 });
const blob = (text: string | Buffer): GitObject => ({ type: "blob", content: Buffer.from(text as string) });

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
/** Two texts of which one is an edit of the other, as large as a copy can be and larger. */
const edited = fc
  .tuple(bytes, bytes, bytes, bytes, fc.integer({ min: 1, max: 600 }))
  .map(([head, before, after, tail, times]) => {
    const long = Buffer.concat(Array.from({ length: times }, () => tail));
    return [Buffer.concat([head, before, long]), Buffer.concat([head, after, long])] as const;
  });

describe("a delta", () => {
  it("of any two contents gives the second of the first", () => {
    fc.assert(
      fc.property(fc.oneof(edited, fc.tuple(bytes, bytes)), ([base, target]) => {
        expect(applyDelta(base, makeDelta(base, target)).equals(target)).toBe(true);
      }),
    );
  });

  it("that was changed anywhere gives a coded error or other bytes, never more than it says and never a hang", () => {
    fc.assert(
      fc.property(
        edited,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        ([base, target], changes) => {
          const delta = Buffer.from(makeDelta(base, target));
          for (const [at, byte] of changes) delta[at % delta.length] = byte;
          try {
            applyDelta(base, delta);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedReply);
          }
        },
      ),
    );
  });

  it("cannot make a bomb: what it makes is bounded by what it says, and is checked while it grows", () => {
    const base = Buffer.alloc(0x10000, 1);
    const size = Buffer.from([0x80, 0x80, 0x04]);
    // One million times the base, from three bytes each; it says it makes one.
    const bomb = Buffer.concat([size, size, Buffer.alloc(1_000_000, 0x80)]);
    expect(() => applyDelta(base, bomb)).toThrow(/more than it says/);
  });
});

describe("a pack", () => {
  it("as Git makes it, with deltas of both kinds, has the objects that Git has", { timeout: 60_000 }, () => {
    const text = Array.from(
      { length: 300 },
      (_, line) => `line ${line}: ${createHash("md5").update(`${line}`).digest("hex")}\n`,
    );
    const versions = Array.from({ length: 12 }, (_, version) =>
      text.with(version * 20, `changed ${version}\n`).join(""),
    );
    using bare = new BareFixture({ seed: { "a/one.txt": versions[0]!, "b/two.bin": new Uint8Array([0, 1, 2, 255]) } });
    for (const version of versions) bare.push("main", { "a/one.txt": version, [`c/${version.length}`]: version });
    const listed = bare
      .git("cat-file", "--batch-check", "--batch-all-objects")
      .split("\n")
      .map((line) => line.split(" "));
    for (const how of [["--delta-base-offset"], []]) {
      const pack = git(bare.path, ["pack-objects", "--stdout", "--all", "--window=50", ...how, "-q"], "");
      const objects = readPack(pack, nothing);
      expect([...objects].map(([id, { type, content }]) => [id, type, String(content.length)]).sort()).toEqual(
        listed.sort(),
      );
    }
  });

  it("that is thin is read with the bases that are known, and without them leaves those objects out", () => {
    const [base, changed, other] = [
      blob("x".repeat(5000)),
      blob(`${"x".repeat(4000)}y${"x".repeat(1000)}`),
      blob("other"),
    ];
    const id = objectId(base);
    const pack = writePack([{ object: changed, base: { id, content: base.content } }, { object: other }]);
    expect(pack.length).toBeLessThan(200);
    const read = readPack(pack, (wanted) => (wanted === id ? base : undefined));
    expect([...read.keys()].sort()).toEqual([objectId(changed), objectId(other)].sort());
    expect([...readPack(pack, nothing).keys()]).toEqual([objectId(other)]);
  });

  it("as written is what Git indexes, with the same names", () => {
    const folder = mkdtempSync(join(tmpdir(), "glu-pack-"));
    try {
      git(folder, ["init", "-q", "--bare", "."]);
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.string({ unit: "binary", maxLength: 3000 }), { minLength: 1, maxLength: 8 }),
          (texts) => {
            const objects = texts.map(blob);
            const printed = git(
              folder,
              ["unpack-objects", "-q", "--strict"],
              writePack(objects.map((object) => ({ object }))),
            );
            expect(printed.toString()).toBe("");
            for (const object of objects) {
              expect(git(folder, ["cat-file", "blob", objectId(object)]).equals(object.content)).toBe(true);
            }
          },
        ),
        { numRuns: 5 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const sample = (): Buffer => {
    const base = blob("some text that is long enough to be worth a delta, again and again. ".repeat(20));
    const changed = blob(`${base.content}!`);
    return writePack([
      { object: base },
      { object: changed, base: { id: objectId(base), content: base.content } },
      { object: { type: "tree", content: Buffer.alloc(0) } },
    ]);
  };
  const sealed = (pack: Buffer): Buffer => {
    const body = pack.subarray(0, -20);
    return Buffer.concat([body, createHash("sha1").update(body).digest()]);
  };

  it("that is cut off anywhere is malformed", () => {
    const pack = sample();
    for (let length = 0; length < pack.length - 20; length++) {
      expect(() => readPack(pack.subarray(0, length), nothing), `${length}`).toThrow(MalformedReply);
      expect(() => readPack(sealed(Buffer.concat([pack.subarray(0, length), Buffer.alloc(20)])), nothing)).toThrow(
        MalformedReply,
      );
    }
  });

  it("that was changed anywhere is malformed; with a checksum to match it gives no object under a wrong name", () => {
    const pack = sample();
    fc.assert(
      fc.property(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(pack);
        other[at] = (other[at] ?? 0) ^ change;
        expect(() => readPack(other, nothing)).toThrow(MalformedReply);
        if (at >= pack.length - 20) return;
        try {
          for (const [id, object] of readPack(sealed(other), nothing)) expect(objectId(object)).toBe(id);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedReply);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("larger than the limits is refused before it is inflated", () => {
    const limits = { objects: 2, objectBytes: 1000, packBytes: 1500 };
    const pack = (...objects: GitObject[]) => writePack(objects.map((object) => ({ object })));
    expect(() => readPack(pack(blob("1"), blob("2"), blob("3")), nothing, limits)).toThrow(/3 objects/);
    expect(() => readPack(pack(blob("1".repeat(1001))), nothing, limits)).toThrow(/1001 bytes/);
    expect(() => readPack(pack(blob("1".repeat(900)), blob("2".repeat(900))), nothing, limits)).toThrow(/more than/);
    // Said to be small, and a bomb.
    const bomb = Buffer.concat([
      pack(blob("x")).subarray(0, 12),
      Buffer.from([0x31]),
      deflateSync(Buffer.alloc(1 << 20)),
      Buffer.alloc(20),
    ]);
    bomb.writeUInt32BE(1, 8);
    expect(() => readPack(sealed(bomb), nothing, limits)).toThrow(/inflated/);
  });

  it("whose deltas stand on each other without a first is read without them", () => {
    const [a, b] = [blob("a".repeat(500)), blob(`${"a".repeat(500)}b`)];
    const pack = writePack([
      { object: a, base: { id: objectId(b), content: b.content } },
      { object: b, base: { id: objectId(a), content: a.content } },
    ]);
    expect(readPack(pack, nothing).size).toBe(0);
  });
});

it("an object's name is Git's", () => {
  expect(objectId(blob("hello\n"))).toBe("ce013625030ba8dba906f756967f9e9ca394464a" as Sha);
});
