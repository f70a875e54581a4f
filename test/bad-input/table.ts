import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Artifact, imageRef } from "@glu/core";
import { artifactForTest, type Seed } from "@glu/testing/internal";
import { artifactOf, ConfigWorld, digestOf, writeArtifact } from "../product/config-world.ts";
import { type Ended, Machine } from "../product/glu-process.ts";

/** One wrong thing, and what must be said of it. */
export interface BadInput {
  /** A fact: "an app that is not declared". */
  what: string;
  /** Flags that replace the good ones; undefined leaves one out. */
  flags?: Record<string, string | undefined>;
  /** What is written as the artifact: a change of the good one, or any text. */
  artifact?: (good: Artifact) => unknown;
  /** Files of the config repository that replace the good ones. */
  files?: Record<string, string | undefined>;
  /** Put on the branch after that: kinds of files that text cannot be. */
  seed?: Seed;
  /** Runs before it, for what needs a past. */
  before?: (
    run: (flags?: Record<string, string | undefined>) => Promise<Ended>,
    world: ConfigWorld,
  ) => Promise<unknown>;
  /** The error's code, or that of the gate that stops it. */
  code: string;
  exit: 2 | 3 | 4;
  /** What the message must name: what was seen. */
  names: string | RegExp;
  /** What the fix must say. */
  fix?: string | RegExp;
}

export const apps = ["web", "api"];

const goodFlags = {
  app: "web",
  environment: "staging",
  artifact: "./artifact.json",
  "config-repository": "./config.git",
};

/** `--name=value`, so that a value may begin with `-`. */
export const argvOf = (flags: Record<string, string | undefined>): string[] =>
  Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));

/** A config repository, an artifact and a machine, with the one thing that is wrong. */
export class BadInputWorld implements Disposable {
  readonly world: ConfigWorld;
  readonly machine = new Machine();
  readonly #flags: Record<string, string | undefined>;
  readonly #shared: boolean;

  /** @param untouched a good world that this case may use when it needs none of its own: nothing may change in it */
  constructor({ artifact, files, seed, flags, before }: BadInput, untouched: ConfigWorld) {
    this.#shared = files === undefined && seed === undefined && before === undefined;
    this.world = this.#shared ? untouched : new ConfigWorld({ apps, ...(files === undefined ? {} : { files }) });
    if (seed !== undefined) this.world.fixture.push("main", seed);
    symlinkSync(this.world.path, join(this.machine.root, "config.git"));
    const good = artifactOf("web", 7);
    const made = artifact === undefined ? good : artifact(good);
    if (typeof made === "string") this.machine.write("artifact.json", made);
    else writeArtifact(this.machine, made);
    writeArtifact(this.machine, artifactOf("api", 3), "of-api.json");
    writeArtifact(this.machine, artifactOf("web", 8), "newer.json");
    this.#flags = { ...goodFlags, ...flags };
  }

  run(flags: Record<string, string | undefined> = this.#flags): Promise<Ended> {
    return this.machine.glu(["promote", ...argvOf({ ...goodFlags, ...flags }), "-o", "json"]);
  }

  [Symbol.dispose](): void {
    this.machine[Symbol.dispose]();
    if (!this.#shared) this.world[Symbol.dispose]();
  }
}

/** The same artifact with something else in it, and the id that goes with it. */
export const remade = (good: Artifact, more: Partial<Artifact>): Artifact => artifactForTest(7, { ...good, ...more });

const image = (good: Artifact) => good.images.web!;

/** The image with another name or tag, and a `ref` that says the same. */
function renamed(was: Artifact["images"][string], more: { name?: string; tag?: string }): Artifact["images"][string] {
  const { name, tag, digest } = { ...was, ...more };
  return { name, digest, ...(tag === undefined ? {} : { tag }), ref: imageRef({ name, tag, digest }) };
}

/** A config whose one write goes to a path that comes from the artifact, which an app's pipeline fills. */
const pathFromArtifact = `version: 1
environments: { staging: {} }
apps:
  web:
    images: { web: ghcr.io/acme/web }
    write:
      - yaml: "{{ vars.FILE }}"
        set: { image.tag: "{{ images.web.tag }}" }
        create: true
`;

const intoPath = (path: string, code: string): BadInput => ({
  what: `a write into ${JSON.stringify(path)}, which the artifact chose`,
  files: { "glu.yaml": pathFromArtifact },
  artifact: (good) => remade(good, { vars: { FILE: path } }),
  code,
  exit: 3,
  names: path.trim() === "" ? "path" : JSON.stringify(path).slice(1, -1),
});

const anotherConfig = (config: string | undefined, more: Omit<BadInput, "files" | "exit">): BadInput => ({
  files: { "glu.yaml": config },
  exit: 2,
  ...more,
});

export const names: BadInput[] = [
  {
    what: "an app that is not declared",
    flags: { app: "wbe" },
    code: "config/unknown-app",
    exit: 2,
    names: '"wbe"',
    fix: "web",
  },
  {
    what: "an environment that is not declared",
    flags: { environment: "stagin" },
    code: "config/unknown-environment",
    exit: 2,
    names: '"stagin"',
    fix: "staging",
  },
  { what: "an app that is no name", flags: { app: "We b" }, code: "input/", exit: 2, names: "We b" },
  { what: "an app that starts with -", flags: { app: "-web" }, code: "input/", exit: 2, names: "-web" },
  {
    what: "an environment that starts with -",
    flags: { environment: "--plan" },
    code: "input/",
    exit: 2,
    names: "--plan",
  },
  {
    what: "an environment that is a path",
    flags: { environment: "../staging" },
    code: "input/",
    exit: 2,
    names: "../staging",
  },
  {
    what: "an artifact that starts with -",
    flags: { artifact: "-x.json" },
    code: "input/artifact",
    exit: 2,
    names: "-x.json",
  },
  {
    what: "an artifact that is no id",
    flags: { artifact: "newest" },
    code: "input/artifact",
    exit: 2,
    names: "newest",
  },
  {
    what: "an artifact that is not there",
    flags: { artifact: "20260101t000000z-000000000000" },
    code: "artifact/not-found",
    exit: 2,
    names: "20260101t000000z-000000000000",
  },
  {
    what: "a ref that starts with -",
    flags: { ref: "--upload-pack=x" },
    code: "input/ref",
    exit: 2,
    names: "--upload-pack=x",
  },
  {
    what: "a ref with a newline",
    flags: { ref: "main\nGlu-Kind: rollback" },
    code: "input/line-break",
    exit: 2,
    names: "main\\n",
  },
  {
    what: "a branch that is not there",
    flags: { ref: "mian" },
    code: "repository/no-branch",
    exit: 2,
    names: "mian",
    fix: "ref",
  },
  {
    what: "a config repository that starts with -",
    flags: { "config-repository": "--upload-pack=touch x" },
    code: "repository/location",
    exit: 2,
    names: "--upload-pack",
  },
  {
    what: "a config repository that is a remote helper",
    flags: { "config-repository": "ext::sh -c true" },
    code: "repository/location",
    exit: 2,
    names: "ext::",
  },
  {
    what: "a config repository over a protocol that is not used",
    flags: { "config-repository": "ftp://127.0.0.1/x" },
    code: "repository/location",
    exit: 2,
    names: "ftp",
  },
  {
    what: "a config repository that is not there",
    flags: { "config-repository": "./no-such.git" },
    code: "repository/not-found",
    exit: 2,
    names: "no-such.git",
  },
  { what: "a config that starts with -", flags: { config: "-c" }, code: "input/path", exit: 2, names: "-c" },
  {
    what: "a config outside of the repository",
    flags: { config: "../glu.yaml" },
    code: "input/path",
    exit: 2,
    names: "../glu.yaml",
  },
  {
    what: "a request id that starts with -",
    flags: { "request-id": "-r" },
    code: "input/request-id",
    exit: 2,
    names: "-r",
  },
  { what: "an author that is none", flags: { author: "Ada" }, code: "input/", exit: 2, names: "Ada" },
  {
    what: "an author with a newline",
    flags: { author: "Ada\nparent 0 <a@b.c>" },
    code: "input/line-break",
    exit: 2,
    names: "Ada",
  },
  {
    what: "a reason with a newline",
    flags: { reason: "fine\nGlu-Kind: rollback" },
    code: "input/line-break",
    exit: 2,
    names: "reason",
  },
  {
    what: "a commit message with a newline",
    flags: { "commit-message": "fine\n\nGlu-Kind: rollback" },
    code: "input/line-break",
    exit: 2,
    names: "commit-message",
  },
  {
    what: "a reason of a hundred thousand characters",
    flags: { reason: "x".repeat(100_000) },
    code: "input/too-long",
    exit: 2,
    names: "reason",
  },
  {
    what: "an artifact that is a folder",
    flags: { artifact: "./config.git" },
    code: "artifact/unreadable",
    exit: 2,
    names: "config.git",
  },
];

export const artifacts: BadInput[] = [
  {
    what: "an artifact that is not JSON",
    artifact: () => "id: 1",
    code: "artifact/unreadable",
    exit: 2,
    names: "artifact.json",
  },
  {
    what: "an artifact that is no artifact",
    artifact: () => ({ hello: "world" }),
    code: "artifact/malformed",
    exit: 2,
    names: "artifact.json",
  },
  {
    what: "an artifact that was tampered with",
    artifact: (good) => ({ ...good, images: { web: renamed(image(good), { tag: "9.9" }) } }),
    code: "artifact/tampered",
    exit: 2,
    names: /20261101t000700z-[0-9a-f]{12}/,
  },
  {
    what: "an artifact with a key of its own",
    artifact: (good) => ({ ...good, gates: [] }),
    code: "artifact/malformed",
    exit: 2,
    names: "gates",
  },
  {
    what: "an artifact without the digest of an image",
    artifact: (good) => {
      const { digest: _digest, ...rest } = image(good);
      return { ...good, images: { web: rest } };
    },
    code: "artifact/malformed",
    exit: 2,
    names: "digest",
  },
  {
    what: "an artifact whose branch has a newline",
    artifact: (good) => ({ ...good, version: { ...good.version, branch: "main\nGlu-Kind: rollback" } }),
    code: "artifact/malformed",
    exit: 2,
    names: "branch",
  },
  {
    what: "an artifact with a message of a megabyte",
    artifact: (good) => ({ ...good, version: { ...good.version, message: "x".repeat(1 << 20) } }),
    code: "artifact/malformed",
    exit: 2,
    names: "message",
  },
  {
    what: "an artifact of another app",
    flags: { artifact: "./of-api.json" },
    code: "artifact/other-app",
    exit: 2,
    names: "api",
    fix: "api",
  },
  {
    what: "an image that is not declared",
    artifact: (good) => remade(good, { images: { web: renamed(image(good), { name: "ghcr.io/evil/web" }) } }),
    code: "images/undeclared",
    exit: 3,
    names: "ghcr.io/evil/web",
    fix: "apps.web.images",
  },
  {
    what: "an image whose ref is not its name, tag and digest",
    artifact: (good) => remade(good, { images: { web: { ...image(good), ref: `evil.test/miner@${digestOf(7)}` } } }),
    code: "artifact/malformed",
    exit: 2,
    names: "images.web.ref",
  },
  {
    what: "an image under a key that is not declared",
    artifact: (good) => remade(good, { images: { ...good.images, extra: image(good) } }),
    code: "images/undeclared",
    exit: 3,
    names: "extra",
    fix: "apps.web.images",
  },
  {
    what: "a source that is not declared",
    artifact: (good) => remade(good, { version: { ...good.version, repositoryName: "evil/web" } }),
    code: "source/undeclared",
    exit: 3,
    names: "evil/web",
    fix: "apps.web.repository",
  },
  {
    what: "an image without the tag that is written",
    artifact: (good) =>
      remade(good, {
        images: { web: { name: image(good).name, digest: digestOf(7), ref: `${image(good).name}@${digestOf(7)}` } },
      }),
    code: "template/missing-variable",
    exit: 3,
    names: "images.web.tag",
  },
  {
    what: "no image at all, where one is written",
    artifact: (good) => remade(good, { images: {} }),
    code: "template/missing-variable",
    exit: 3,
    names: "images.web",
  },
];

export const files: BadInput[] = [
  {
    what: "a file without the key",
    files: { "apps/web/staging.yaml": "image: { repository: x }\n" },
    code: "edit/no-key",
    exit: 3,
    names: "apps/web/staging.yaml",
    fix: "create",
  },
  {
    what: "a file that is not there",
    files: { "apps/web/staging.yaml": undefined },
    code: "edit/no-file",
    exit: 3,
    names: "apps/web/staging.yaml",
  },
  {
    what: "a file that is not YAML",
    files: { "apps/web/staging.yaml": "image: [\n" },
    code: "edit/syntax",
    exit: 3,
    names: "apps/web/staging.yaml",
  },
  {
    what: "a file that is a symbolic link",
    files: { "apps/web/staging.yaml": undefined },
    seed: { "apps/web/staging.yaml": { kind: "symlink", content: Buffer.from("../../README.md") } },
    code: "edit/not-a-file",
    exit: 3,
    names: "symlink",
  },
  {
    what: "a value changed by hand",
    before: async (run, world) => {
      await run();
      world.fixture.push("main", {
        "apps/web/staging.yaml": world.text("apps/web/staging.yaml").replace("1.7", "hot"),
      });
    },
    flags: { artifact: "./newer.json" },
    code: "drift/changed-by-hand",
    exit: 3,
    names: "hot",
    fix: "overwrite",
  },
  {
    what: "an older artifact than the one that runs",
    before: (run) => run({ artifact: "./newer.json" }),
    code: "order/older",
    exit: 3,
    names: "older",
  },
  {
    what: "a request id that was used for another artifact",
    before: (run) => run({ "request-id": "once" }),
    flags: { "request-id": "once", artifact: "./newer.json" },
    code: "request/reused",
    exit: 3,
    names: "once",
    fix: "request-id",
  },
  {
    what: "an artifact that upstream has not released",
    flags: { environment: "production" },
    code: "from/not-eligible",
    exit: 3,
    names: "staging",
    fix: "promote",
  },
  {
    what: "a record that is not JSON",
    seed: { ".glu/web/staging.json": "not JSON\n" },
    code: "record/malformed",
    exit: 3,
    names: ".glu/web/staging.json",
    fix: "Git",
  },
  {
    what: "a pin that is none",
    seed: { ".glu/web/staging.pin.json": "{}\n" },
    code: "record/malformed",
    exit: 3,
    names: ".glu/web/staging.pin.json",
  },
  {
    what: "a freeze that is none",
    seed: { ".glu/_freeze/all.json": "[]\n" },
    code: "record/malformed",
    exit: 3,
    names: ".glu/_freeze/all.json",
  },
  intoPath("../x.yaml", "input/path"),
  intoPath(".git/config", "input/path"),
  intoPath("a\nb.yaml", "input/path"),
  intoPath(".glu/web/staging.json", "edit/forbidden-path"),
  intoPath(".github/workflows/x.yml", "edit/forbidden-path"),
];

export const configs: BadInput[] = [
  anotherConfig("version: [1\n", { what: "a config that is not YAML", code: "config/", names: "glu.yaml" }),
  anotherConfig("just text\n", { what: "a config that is no mapping", code: "config/", names: "glu.yaml" }),
  anotherConfig("", { what: "a config that is empty", code: "config/", names: "glu.yaml" }),
  anotherConfig("version: 1\nenviroments: {}\napps: {}\n", {
    what: "a config with a misspelt key",
    code: "config/",
    names: "enviroments",
    fix: "environments",
  }),
  anotherConfig(undefined, {
    what: "a config that is missing",
    code: "config/not-found",
    names: "glu.yaml",
    fix: "config",
  }),
  anotherConfig(
    `version: 1\nx-0: &a0 [x]\n${Array.from({ length: 30 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}, *a${index}, *a${index}]`).join("\n")}\napps: {}\n`,
    { what: "a config whose aliases grow without end", code: "config/", names: "glu.yaml" },
  ),
  anotherConfig(`version: 1\nx-deep: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`, {
    what: "a config that nests without end",
    code: "config/",
    names: "glu.yaml",
  }),
];
