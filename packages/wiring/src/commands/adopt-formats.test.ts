import { createTemplates, parseConfig } from "@glu/config";
import { adopt, configurableGates, digest, requestId } from "@glu/core";
import { editors } from "@glu/editors";
import { FakeClock, MemoryRepository } from "@glu/testing";
import { describe, expect, it } from "vitest";

const sha256 = (digit: string) => `sha256:${digit.repeat(64)}`;
const silent = () => {};

/** Adopts an app of which no artifact is stored, with the real editors and templates. */
async function adoptWith(write: string, files: Record<string, string>) {
  const text = `version: 1\nenvironments: { staging: {} }\napps:\n  web:\n    images: { web: ghcr.io/acme/web }\n    write:\n${write}`;
  const pipeline = parseConfig({ file: "glu.yaml", text, editors, gates: configurableGates, folders: new Map() });
  const repository = new MemoryRepository({ seed: { "glu.yaml": text, ...files } });
  const config = repository.open();
  const { places } = await adopt(
    {
      ...{ apps: [], environments: [], artifact: undefined, allowUnknown: true, reason: undefined, plan: false },
      ...{ author: undefined, request: requestId("r"), actor: { name: "ada", verified: false } },
    },
    {
      ...{ repository: config, loadPipeline: async () => pipeline, repositoryOf: () => config, storesOf: () => [] },
      ...{ readArtifactFile: async () => "", editors, templates: await createTemplates(), clock: new FakeClock() },
      logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
      registry: { resolve: async () => digest(sha256("e")) },
    },
  );
  const [place] = places;
  if (place === undefined) throw new Error("there is one place");
  return place;
}

const yaml = (set: string) => `      - yaml: a.yaml\n        set: { ${set} }\n`;

describe("what files say, read back", () => {
  it.each<[string, string, Record<string, string>, object]>([
    [
      "a tag and a digest",
      yaml('tag: "{{ images.web.tag }}", digest: "{{ images.web.digest }}"'),
      { "a.yaml": `tag: 1.2\ndigest: ${sha256("a")}\n` },
      { images: { web: { tag: "1.2", digest: sha256("a") } } },
    ],
    [
      "a whole reference",
      yaml('image: "{{ images.web.ref }}"'),
      { "a.yaml": `image: ghcr.io/acme/web:1.2@${sha256("a")}\n` },
      { images: { web: { tag: "1.2", digest: sha256("a") } } },
    ],
    [
      "a tag within other text, whose digest the registry tells",
      yaml('image: "{{ images.web.name }}:{{ images.web.tag }}", label: "v{{ images.web.tag }}-x"'),
      { "a.yaml": "image: ghcr.io/acme/web:1.2\nlabel: v1.2-x\n" },
      { images: { web: { tag: "1.2", digest: sha256("e") } } },
    ],
    [
      "variables, in both spellings",
      yaml('a: "{{ vars.REGION }}", b: "{{ .ZONE }}", tag: "{{ images.web.tag }}"'),
      { "a.yaml": "a: eu\nb: '1'\ntag: '7'\n" },
      { vars: { REGION: "eu", ZONE: "1" }, images: { web: { tag: "7" } } },
    ],
    [
      "the source commit",
      yaml('sha: "{{ version.sha }}", tag: "{{ images.web.tag }}"'),
      { "a.yaml": `sha: ${"b".repeat(40)}\ntag: x\n` },
      { version: { sha: "b".repeat(40), repositoryName: "memory:config" } },
    ],
    [
      "a place that nobody has filled yet beside one that says something",
      yaml('tag: "{{ images.web.tag }}", digest: "{{ images.web.digest }}"'),
      { "a.yaml": 'tag: "1.2"\ndigest: ""\n' },
      { images: { web: { tag: "1.2", digest: sha256("e") } } },
    ],
    [
      "the image of a kustomization",
      '      - kustomize: k\n        image: "{{ images.web.ref }}"\n',
      { "k/kustomization.yaml": `images:\n  - name: ghcr.io/acme/web\n    digest: ${sha256("c")}\n` },
      { images: { web: { digest: sha256("c") } } },
    ],
  ])("of %s", async (_, write, files, artifact) => {
    const place = await adoptWith(write, files);
    expect(place).toMatchObject({ kind: "adopted", origin: "files", release: { kind: "adopted", artifact } });
  });

  it.each<[string, string, Record<string, string>]>([
    [
      "two places contradict each other",
      yaml('a: "{{ images.web.tag }}", b: "{{ images.web.tag }}"'),
      { "a.yaml": "a: '1'\nb: '2'\n" },
    ],
    [
      "another image stands there",
      yaml('image: "{{ images.web.ref }}"'),
      { "a.yaml": `image: ghcr.io/mallory/web:1.2@${sha256("a")}\n` },
    ],
    ["a filter changed it", yaml('tag: "{{ images.web.tag | upcase }}"'), { "a.yaml": "tag: V1\n" }],
    // The mark has no "v", so that what is read back looks right until it is rendered again.
    ["a filter may have", yaml("tag: \"{{ images.web.tag | replace: 'v', 'w' }}\""), { "a.yaml": "tag: v1\n" }],
    ["it depends on the artifact's id", yaml('id: "{{ artifact.id }}"'), { "a.yaml": "id: x\n" }],
    ["the file cannot be parsed", yaml('tag: "{{ images.web.tag }}"'), { "a.yaml": "tag: [\n" }],
  ])("is nothing where %s", async (_, write, files) => {
    expect(await adoptWith(write, files)).toMatchObject({
      kind: "unknown",
      code: expect.stringMatching(/^(?:adopt\/unreadable|edit\/syntax)$/),
      reason: expect.stringMatching(/\w/),
      fix: expect.stringMatching(/\w/),
    });
  });

  it("is nothing of a path that depends on the artifact", async () => {
    const write =
      '      - yaml: "{{ images.web.tag }}.yaml"\n        set: { tag: "{{ images.web.tag }}" }\n        create: true\n';
    expect(await adoptWith(write, {})).toMatchObject({ kind: "unknown", code: "adopt/unreadable" });
  });
});
