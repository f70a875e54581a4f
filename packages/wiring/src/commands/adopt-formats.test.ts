import { createTemplates, parseConfig } from "@glu/config";
import { type Artifact, adopt, configurableGates, digest, imageRef, requestId } from "@glu/core";
import { editors } from "@glu/editors";
import { artifactForTest, FakeClock, MemoryArtifactStore, MemoryRepository } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";

const sha256 = (digit: string) => `sha256:${digit.repeat(64)}`;
const silent = () => {};

interface Given {
  stored?: readonly Artifact[];
  artifact?: string;
  allowUnknown?: boolean;
}

/** Adopts an app with the real editors and templates; without more, no artifact of it is stored. */
async function adoptWith(
  write: string,
  files: Record<string, string>,
  { stored = [], artifact, allowUnknown = true }: Given = {},
) {
  const images = "{ web: ghcr.io/acme/web, worker: ghcr.io/acme/worker }";
  const text = `version: 1\nenvironments: { staging: {} }\napps:\n  web:\n    images: ${images}\n    write:\n${write}`;
  const store = new MemoryArtifactStore();
  for (const one of stored) await store.put(one);
  const pipeline = parseConfig({ file: "glu.yaml", text, editors, gates: configurableGates, folders: new Map() });
  const repository = new MemoryRepository({ seed: { "glu.yaml": text, ...files } });
  const config = repository.open();
  const { places } = await adopt(
    {
      ...{ apps: [], environments: [], artifact, allowUnknown, reason: undefined, plan: false },
      ...{ author: undefined, request: requestId("r"), actor: { name: "ada", verified: false } },
    },
    {
      ...{
        repository: config,
        loadPipeline: async () => pipeline,
        repositoryOf: () => config,
        storesOf: () => [store],
      },
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
      "a reference with its tag alone",
      yaml('image: "{{ images.web.ref }}"'),
      { "a.yaml": "image: ghcr.io/acme/web:1.2\n" },
      { images: { web: { tag: "1.2", digest: sha256("e") } } },
    ],
    [
      "a reference with its digest alone",
      yaml('image: "{{ images.web.ref }}"'),
      { "a.yaml": `image: ghcr.io/acme/web@${sha256("a")}\n` },
      { images: { web: { digest: sha256("a") } } },
    ],
    [
      "one of two images, where the other one is not used",
      `      - yaml: a.yaml\n        create: true\n        set: { a: "{{ images.web.ref }}", b: "{{ images.worker.ref }}" }\n`,
      { "a.yaml": "a: ghcr.io/acme/web:1.2\n" },
      { images: { web: { tag: "1.2", digest: sha256("e") } } },
    ],
    [
      "a kustomization with a tag",
      '      - kustomize: k\n        image: "{{ images.web.ref }}"\n',
      { "k/kustomization.yaml": 'images:\n  - name: ghcr.io/acme/web\n    newTag: "1.2"\n' },
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
    [
      "an image has neither tag nor digest",
      yaml('image: "{{ images.web.ref }}"'),
      { "a.yaml": "image: ghcr.io/acme/web\n" },
    ],
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

const built = (number: number, images: Record<string, [tag: string, digit: string]>, more: Partial<Artifact> = {}) =>
  artifactForTest(number, {
    images: Object.fromEntries(
      Object.entries(images).map(([key, [tag, digit]]) => {
        const image = { name: `ghcr.io/acme/${key}`, tag, digest: sha256(digit) };
        return [key, { ...image, ref: imageRef(image) }];
      }),
    ),
    ...more,
  });

describe("a known artifact is what runs where files do not say all that it writes", () => {
  const [one, two] = [built(1, { web: ["1.2", "a"] }), built(2, { web: ["1.3", "b"] })];
  const ref = yaml('image: "{{ images.web.ref }}"');
  const both = yaml('tag: "{{ images.web.tag }}", digest: "{{ images.web.digest }}"');

  it.each<[string, string, Record<string, string>]>([
    ["a reference without its digest", ref, { "a.yaml": "image: ghcr.io/acme/web:1.2\r\n" }],
    ["a reference without its tag", ref, { "a.yaml": `image: ghcr.io/acme/web@${sha256("a")}\n` }],
    ["a tag whose digest nobody has written yet", both, { "a.yaml": 'tag: "1.2"\ndigest: ""\n' }],
    [
      "a tag whose digest has no place yet",
      both.replace(/\n$/, "\n        create: true\n"),
      { "a.yaml": 'tag: "1.2"\n' },
    ],
    [
      "a tag and the short commit, which cannot be read back",
      yaml('image: "{{ images.web.ref }}", sha: "{{ version.sha | slice: 0, 7 }}"'),
      { "a.yaml": "image: ghcr.io/acme/web:1.2\nsha: '0000000'\n" },
    ],
    [
      "the tag of a kustomization",
      '      - kustomize: k\n        image: "{{ images.web.ref }}"\n',
      { "k/kustomization.yaml": 'images:\n  - name: ghcr.io/acme/web\n    newTag: "1.2"\n' },
    ],
  ])("%s", async (_, write, files) => {
    expect(await adoptWith(write, files, { stored: [one, two], allowUnknown: false })).toMatchObject({
      kind: "adopted",
      origin: "agreeing",
      release: { artifact: { id: one.id } },
    });
  });

  it.each<[string, string, Record<string, string>]>([
    ["the tag is another", ref, { "a.yaml": "image: ghcr.io/acme/web:1.4\n" }],
    ["the digest is another", both, { "a.yaml": `tag: "1.2"\ndigest: "${sha256("c")}"\n` }],
    ["another image stands there", ref, { "a.yaml": "image: ghcr.io/mallory/web:1.2\n" }],
    [
      "a constant beside it is another",
      yaml('image: "{{ images.web.ref }}", kind: v2'),
      { "a.yaml": "image: ghcr.io/acme/web:1.2\nkind: v1\n" },
    ],
    ["no version is named, though it is the only artifact", ref, { "a.yaml": "image: ghcr.io/acme/web\n" }],
  ])("but not where %s", async (_, write, files) => {
    const place = await adoptWith(write, files, { stored: [one], allowUnknown: false });
    expect(place).toMatchObject({ kind: "unknown", code: "adopt/no-artifact" });
  });

  it("but not of a moving tag, though only one artifact has it", async () => {
    const latest = built(3, { web: ["latest", "c"] });
    const files = { "a.yaml": "image: ghcr.io/acme/web:latest\n" };
    expect(await adoptWith(ref, files, { stored: [latest], allowUnknown: false })).toMatchObject({ kind: "unknown" });
    const named = await adoptWith(ref, files, { stored: [latest], artifact: latest.id });
    expect(named).toMatchObject({ origin: "agreeing", release: { artifact: { id: latest.id } } });
  });

  it("and the one that is named is where files name no version, unless they contradict it", async () => {
    const given = { stored: [one, two], artifact: two.id };
    const bare = await adoptWith(ref, { "a.yaml": "image: ghcr.io/acme/web\n" }, given);
    expect(bare).toMatchObject({ origin: "agreeing", release: { artifact: { id: two.id } } });
    const other = await adoptWith(ref, { "a.yaml": "image: ghcr.io/acme/web:1.2\n" }, given);
    expect(other).toMatchObject({ kind: "unknown", code: "adopt/no-artifact" });
  });

  it("and where several have the tag it is the one with the digest that the registry tells, or none", async () => {
    const rebuilt = (digit: string, number: number) => built(number, { web: ["main", digit] });
    const files = { "a.yaml": "image: ghcr.io/acme/web:main\n" };
    const [old, running] = [rebuilt("a", 1), rebuilt("e", 2)];
    const asked = await adoptWith(ref, files, { stored: [old, running] });
    expect(asked).toMatchObject({ origin: "agreeing", release: { artifact: { id: running.id } } });
    const unasked = await adoptWith(ref, files, { stored: [old, running], allowUnknown: false });
    expect(unasked).toMatchObject({ code: "adopt/ambiguous", fix: expect.stringContaining("--artifact") });
    const neither = await adoptWith(ref, files, { stored: [old, rebuilt("b", 3)] });
    expect(neither).toMatchObject({ code: "adopt/ambiguous" });
  });

  it("and the one that has the digest of an unknown tag is, whatever its own tag", async () => {
    const running = built(1, { web: ["sha-1", "e"] });
    const files = { "a.yaml": "image: ghcr.io/acme/web:latest\n" };
    expect(await adoptWith(ref, files, { stored: [running, two] })).toMatchObject({
      origin: "agreeing",
      release: { artifact: { id: running.id }, writes: [{ value: "ghcr.io/acme/web:latest" }] },
    });
  });
});
