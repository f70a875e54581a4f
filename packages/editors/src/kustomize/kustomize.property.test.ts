import type { RepoPath } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatImageReference } from "./image-reference.ts";
import { kustomize } from "./kustomize.ts";

const path = "kustomization.yaml" as RepoPath;
const hex = fc.stringMatching(/^[0-9a-f]{64}$/).map((digits) => `sha256:${digits}`);
const tag = fc.oneof(
  fc.stringMatching(/^\w[\w.-]{0,8}$/),
  fc.constantFrom("1.10", "0123", "true", "1_000", "12e3", "null"),
);
const name = fc.constantFrom("web", "ghcr.io/acme/web", "localhost:5000/web");
const image = fc.oneof(
  fc.record({ name, tag }),
  fc.record({ name, digest: hex }),
  fc.record({ name, tag, digest: hex }),
);

type Entry = Record<string, string>;
const entry = fc
  .record(
    { newName: fc.constantFrom("other/web", "web"), newTag: tag, digest: hex, extra: fc.constant("x") },
    { requiredKeys: [] },
  )
  .chain((fields) =>
    fc.shuffledSubarray(Object.entries({ name: "web", ...fields }), { minLength: Object.keys(fields).length + 1 }),
  );

/** A kustomization with entries around the one of `web`, in block or flow style. */
const sample = fc
  .record({
    fields: entry,
    flow: fc.boolean(),
    crlf: fc.boolean(),
    ended: fc.boolean(),
    indent: fc.constantFrom("", "  "),
    quote: fc.constantFrom('"', "'"),
    comments: fc.array(fc.constantFrom("", "", " # c", "\t # c: {x}", "  #"), { minLength: 5, maxLength: 5 }),
    last: fc.boolean(),
  })
  .map(({ fields, flow, crlf, ended, indent, quote, comments, last }) => {
    const pairs = fields.map(([key, value]) => `${key}: ${quote}${value}${quote}`);
    const own = flow
      ? [`${indent}- {${pairs.join(", ")}}`]
      : pairs.map((pair, at) => `${indent}${at === 0 ? "- " : "  "}${pair}${comments[at]}`);
    const lines = ["# top", "images:", `${indent}- name: api`, `${indent}  newTag: v1 # api`, ...own];
    if (!last) lines.push(`${indent}- name: db`, "", "# labels", "labels: {a: b}");
    const eol = crlf ? "\r\n" : "\n";
    return lines.join(eol) + (ended ? eol : "");
  });

/** How many comments stand behind the field that has to go, where the entry has both. */
function commentsLost(before: string, wanted: object): number {
  const gone = "digest" in wanted ? /newTag: (['"])[^'"]*\1\s+#/ : /digest: (['"])[^'"]*\1\s+#/;
  return before.split("\n").some((line) => gone.test(line)) ? 1 : 0;
}

describe("an edit of any entry of images", () => {
  it("makes it mean the image, keeps every other field and line, and does nothing the second time", () => {
    fc.assert(
      fc.property(sample, image, (before, wanted) => {
        const options = { kustomize: ".", image: formatImageReference(wanted), name: "web", create: false };
        const file = new TextEncoder().encode(before);
        const result = kustomize.edit(options, new Map([[path, file]]));
        if (result.kind === "refused") throw new Error(`${result.code} ${result.message}`);
        const after = result.files.get(path) ?? file;
        const text = new TextDecoder().decode(after);

        const [old, now] = [parse(before), parse(text)] as { images: Entry[] }[];
        const at = old!.images.findIndex((candidate) => candidate.name === "web");
        const { newName, newTag, digest, ...rest } = old!.images[at]!;
        const expected = {
          ...rest,
          ...(wanted.name !== "web" || newName !== undefined ? { newName: wanted.name } : {}),
          ...("digest" in wanted ? { digest: wanted.digest } : { newTag: wanted.tag }),
        };
        expect(now!.images[at]).toEqual(expected);
        expect({ ...now, images: now!.images.toSpliced(at, 1) }).toEqual({
          ...old,
          images: old!.images.toSpliced(at, 1),
        });
        const others = before
          .split("\n")
          .filter(
            (line) =>
              !/newName|newTag: ['"]|digest|\{name|, name/.test(line) && !/^\s*- ['"]?(?:extra|name: ['"])/.test(line),
          );
        for (const line of others) expect(text).toContain(line.replace(/^[\s-]+/, "").trimEnd());

        // Every comment stays; only what stood behind a field that is removed for good goes with its line.
        const comments = (whole: string) => whole.match(/\s+#.*$/gm) ?? [];
        const removed = newTag !== undefined && digest !== undefined;
        expect(comments(text).length).toBe(comments(before).length - (removed ? commentsLost(before, wanted) : 0));
        if (!removed) expect(comments(text)).toEqual(comments(before));

        const [write] = result.writes;
        expect(kustomize.read(after, write!.selector)).toBe(write!.value);
        const again = kustomize.edit(options, new Map([[path, after]]));
        expect(again.kind === "edited" && again.files.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
