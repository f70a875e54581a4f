import { type RepoPath, repoPath } from "@glu/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { editors } from "./index.ts";

const text = (value: string) => new TextEncoder().encode(value);
const digest = `sha256:${"a".repeat(64)}`;
const file = (path: string, content: string): [RepoPath, Uint8Array] => [repoPath(path), text(content)];
const files = new Map([
  file("a.yaml", "image:\n  tag: '1'\n  digest: x\nreplicas: 3\n"),
  file("a.json", '{ "image": { "tag": "1" } }\n'),
  file("k/kustomization.yml", `images:\n  - name: web\n    newTag: "1"\n  - name: api\n    digest: ${digest}\n`),
]);

const value = fc.constantFrom("1", "2", "3", "x", "yes");
const options = fc.oneof(
  fc.tuple(fc.constant("yaml"), fc.constantFrom("image.tag", "image.digest", "replicas", "none"), value),
  fc.tuple(fc.constant("json"), fc.constantFrom("image.tag", "none"), value),
  fc.tuple(
    fc.constant("kustomize"),
    fc.constantFrom("web", "api", "none"),
    fc.constantFrom(":1", `@${digest}`, `:1@${digest}`),
  ),
);

it("says what an edit writes: nothing that an edit leaves as it is stands elsewhere or as another value", () => {
  fc.assert(
    fc.property(options, ([kind, selector, wanted]) => {
      const editor = editors.find((one) => one.kind === kind);
      const given =
        kind === "kustomize"
          ? { kustomize: "k", image: `${selector}${wanted}` }
          : { [kind]: `a.${kind}`, set: { [selector]: wanted } };
      const parsed = editor?.options.parse(given);
      const edited = editor?.edit(parsed, files);
      const foreseen = editor?.foresee?.(parsed) ?? [];
      expect(foreseen).toHaveLength(1);
      if (edited?.kind !== "edited") return;
      const [written] = edited.writes;
      expect(foreseen).toMatchObject([{ selector: written?.selector, value: written?.value }]);
      expect(foreseen[0]?.paths).toContain(written?.path);
      const standing = foreseen[0]?.paths.flatMap((path) => {
        const at = files.get(path);
        return at === undefined ? [] : [editor?.read(at, written?.selector ?? "")];
      });
      if (edited.files.size === 0) expect(standing).toContain(written?.value);
    }),
  );
});
