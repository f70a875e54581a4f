import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { BareFixture, GitServer } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { violations } from "../schemas.ts";

const sha = (letter: string) => letter.repeat(40);
const config = (preview: string) => `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  web:
    repository: acme/web
    preview: ${preview}
    write: [{ yaml: web.yaml, set: { tag: "{{ images.web.tag }}" } }]
`;
const manifest = `app: web-preview
env: staging
preview: true
chart: { repository: "https://charts.example.com", name: web, version: 1.2.3 }
values: { tag: "{{ .SHA }}", size: 2 }
`;

/** The config repository and the app's, on a server: the one is found beside the other. */
class World implements AsyncDisposable {
  readonly machine = new Machine();
  readonly config: BareFixture;
  readonly app: BareFixture;
  #server: GitServer | undefined;

  constructor(files: Record<string, string>, app: Record<string, string> = { "README.md": "Web\n" }) {
    this.config = new BareFixture({ seed: files });
    this.app = new BareFixture({ seed: app });
  }

  async preview(letter: string, number = 7) {
    if (this.#server === undefined) {
      for (const [name, { path }] of [
        ["acme/config", this.config],
        ["acme/web", this.app],
      ] as const) {
        const at = join(this.machine.root, "git", `${name}.git`);
        mkdirSync(dirname(at), { recursive: true });
        symlinkSync(path, at);
      }
      this.#server = await GitServer.start(join(this.machine.root, "git"));
    }
    const repository = `${this.#server.origin}/acme/config.git`;
    const args = ["preview", "up", "web", String(number), "--sha", sha(letter)];
    const env = { GLU_TOKEN: "token" };
    const ended = await this.machine.glu([...args, "--config-repository", repository, "-o", "json"], { env });
    return { code: ended.code, stderr: ended.stderr, answer: JSON.parse(ended.stdout) as Record<string, unknown> };
  }

  text = (path: string): string => this.config.git("cat-file", "blob", `main:${path}`);
  written = (number = 7): string[] =>
    this.config.git("ls-tree", "-r", "--name-only", "main", `previews/web/pr-${number}/`).split("\n");

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.machine[Symbol.dispose]();
    this.config[Symbol.dispose]();
    this.app[Symbol.dispose]();
  }
}

test("values that all previews have, one of them different, and the app's own manifest: what changes is an update", async () => {
  await using world = new World(
    {
      "glu.yaml": config(
        "{ template: previews-of/web/common, overrides: previews-of/web/pull-request-number, manifest: .gimlet/preview.yaml }",
      ),
      "web.yaml": "tag: 1\n",
      "previews-of/web/common/values.yaml": "# all\nhost: {{ preview.host }}\nsize: {{ manifest.values.size }}\n",
      "previews-of/web/pull-request-number/7/values.yaml": "size: 3\n",
    },
    { ".gimlet/preview.yaml": manifest },
  );
  expect(await world.preview("a")).toMatchObject({ code: 0, answer: { result: "created" } });
  expect(world.written()).toEqual(["previews/web/pr-7/values.yaml"]);
  expect(world.text("previews/web/pr-7/values.yaml")).toBe("# all\nhost: web-pr-7.preview.example.com\nsize: 3");
  expect(violations("preview", JSON.parse(world.text(".glu/_previews/web/pr-7.json")))).toEqual([]);
  expect(await world.preview("a", 8)).toMatchObject({ code: 0, answer: { result: "created" } });
  expect(world.text("previews/web/pr-8/values.yaml")).toContain("size: 2");

  expect(await world.preview("a")).toMatchObject({ code: 0, answer: { result: "unchanged" } });
  world.app.push("main", { ".gimlet/preview.yaml": manifest.replace("1.2.3", "1.2.4") });
  expect(await world.preview("a")).toMatchObject({ code: 0, answer: { result: "updated" } });
  world.config.push("main", { "previews-of/web/pull-request-number/7/values.yaml": "size: 4\n" });
  expect(await world.preview("a")).toMatchObject({ code: 0, answer: { result: "updated" } });
  expect(world.text("previews/web/pr-7/values.yaml")).toContain("size: 4");
});

test("a kustomization takes its base from where it is, and the app's cannot", async () => {
  const template = {
    "templates/web/kustomization.yaml": "namespace: {{ preview.namespace }}\nresources: [../../base]\n",
    "base/kustomization.yaml": "resources: []\n",
  };
  await using world = new World(
    { "glu.yaml": config("{ template: templates/web }"), "web.yaml": "tag: 1\n", ...template },
    template,
  );
  expect(await world.preview("a")).toMatchObject({ code: 0 });
  expect(world.text("previews/web/pr-7/kustomization.yaml")).toBe(
    "namespace: web-pr-7\nresources: [../../../base, preview-namespace.yaml]",
  );
  world.config.push("main", { "glu.yaml": config("{ template: templates/web, from: app }") });
  expect(await world.preview("b")).toMatchObject({ code: 2, answer: { code: "preview/elsewhere" } });
});

test.each([
  ["{ template: t/web, overrides: t/web/7 }", "preview/inside"],
  ["{ template: t/web, overrides: previews/x }", "preview/inside"],
  ["{ template: t/web, manifest: .gimlet/preview.yaml }", "preview/no-manifest"],
  ["{ template: t/web, manifest: other.yaml }", "preview/no-manifest"],
  ["{ template: t/web, manifest: two.yaml }", "manifest/duplicate"],
  ["{ template: t/web, manifest: acts.yaml }", "manifest/acts"],
])("previews of %s are refused, and nothing is written", async (preview, code) => {
  await using world = new World(
    { "glu.yaml": config(preview), "web.yaml": "tag: 1\n", "t/web/values.yaml": "a: 1\n" },
    {
      "other.yaml": manifest.replace("preview: true\n", ""),
      "two.yaml": `${manifest}---\n${manifest}`,
      "acts.yaml": `${manifest}gates: [{ http: "https://example.com" }]\n`,
    },
  );
  expect(await world.preview("a")).toMatchObject({ code: 2, answer: { code } });
  expect(world.config.git("ls-tree", "-r", "--name-only", "main")).not.toContain(".glu/");
});
