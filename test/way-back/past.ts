import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact, Release, ReleaseRecord } from "@glu/core";
import { artifactForTest, BareFixture, plainGitEnvironment } from "@glu/testing/internal";
import { digestOf } from "../product/config-world.ts";

export interface PastRelease {
  app: string;
  environment?: string;
  /** The artifact: 1.<number>. */
  number: number;
  /** Milliseconds since the epoch, of whole seconds. */
  at: number;
  state?: Release["state"];
  /** The id of its request; default one of its own. */
  request?: string;
  /** What else its record says of it. */
  more?: Partial<Release>;
  /** Files that were put there with it. */
  also?: readonly string[];
}

/** An artifact that every way of naming has a name for: a version, a tag of its source, one of its image. */
export function pastArtifact(app: string, number: number): Artifact {
  const name = `ghcr.io/acme/${app}`;
  const [tag, digest] = [`1.${number}`, digestOf(number)];
  // As hex, so that commits of different apps are different from their first digits on.
  const sha = (Buffer.from(app).toString("hex").slice(0, 8) + number.toString(16).padStart(4, "0")).padEnd(40, "a");
  return artifactForTest(number, {
    app,
    version: { repositoryName: `acme/${app}`, sha, branch: "main", event: "push", tag: `v${tag}` },
    images: { web: { name, tag, digest, ref: `${name}:${tag}@${digest}` } },
  });
}

export const pastFile = (app: string, environment: string, isShared: boolean): string =>
  isShared ? `all/${environment}.yaml` : `apps/${app}/${environment}.yaml`;

export interface PastOptions {
  apps: readonly string[];
  /** These write into one file. */
  shared?: readonly string[];
  environments?: string;
  /** Their names, as far as there are files of them. */
  places?: readonly string[];
}

/**
 * A config repository with a past, as Glu's commits leave it, written as one stream for Git: hundreds of releases in a
 * moment, at whatever times.
 */
export class Past {
  readonly #options: PastOptions;
  readonly #files = new Map<string, string>();
  readonly #records = new Map<string, ReleaseRecord>();
  readonly #stream: string[] = [];
  #marks = 0;

  constructor(options: PastOptions, at: number) {
    this.#options = options;
    const { apps, environments = "{ staging: {}, production: {} }" } = options;
    const declared = apps.map((app) => {
      const [path, at] = this.isShared(app) ? ["all/{{ env }}.yaml", app] : ["apps/{{ app }}/{{ env }}.yaml", "image"];
      const set = `{ ${at}.tag: "{{ images.web.tag }}", ${at}.digest: "{{ images.web.digest }}" }`;
      return `  ${app}: { images: { web: ghcr.io/acme/${app} }, write: [{ yaml: "${path}", set: ${set} }] }\n`;
    });
    this.#files.set("glu.yaml", `version: 1\nenvironments: ${environments}\napps:\n${declared.join("")}`);
    for (const environment of options.places ?? ["staging", "production"]) {
      const shared = apps.filter((app) => this.isShared(app)).map((app) => `${app}:\n${values(app)}`);
      if (shared.length > 0) this.#files.set(pastFile("", environment, true), `replicas: 1\n${shared.join("")}`);
      for (const app of apps.filter((one) => !this.isShared(one))) {
        this.#files.set(pastFile(app, environment, false), `# a remark\nimage:\n${values(app)}`);
      }
    }
    this.commit("Begin\n", at, [...this.#files.keys()]);
  }

  isShared(app: string): boolean {
    return this.#options.shared?.includes(app) ?? false;
  }

  /** Puts what is there at paths into a commit; gives its number. */
  commit(message: string, at: number, paths: readonly string[]): number {
    const mark = ++this.#marks;
    const who = `Glu Actions <glu@test.invalid> ${Math.floor(at / 1000)} +0000`;
    this.#stream.push(
      `commit refs/heads/main\nmark :${mark}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}`,
    );
    if (mark > 1) this.#stream.push(`from :${mark - 1}\n`);
    for (const path of paths) {
      const text = this.#files.get(path);
      if (text === undefined) this.#stream.push(`D ${path}\n`);
      else this.#stream.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
    return mark;
  }

  /** Writes a file, by hand; undefined removes it. */
  write(path: string, text: string | undefined, message: string, at: number): number {
    this.put(path, text);
    return this.commit(message, at, [path]);
  }

  /** Puts a file there, for the next commit that names it; undefined removes it. */
  put(path: string, text: string | undefined): void {
    if (text === undefined) this.#files.delete(path);
    else this.#files.set(path, text);
  }

  text(path: string): string {
    return this.#files.get(path) ?? "";
  }

  /** Releases, by one commit for all that are given: more than one as a squash merge has them. */
  release(releases: readonly PastRelease[], message?: string): number {
    const [paths, blocks]: [Set<string>, string[]] = [new Set(), []];
    for (const one of releases) {
      const request = one.request ?? `past-${one.app}-${one.environment ?? "production"}-${one.number}`;
      const artifact = pastArtifact(one.app, one.number);
      for (const path of this.#change(one, request, artifact)) paths.add(path);
      for (const path of one.also ?? []) paths.add(path);
      const { kind = "promotion", actor = { name: "ada" }, reason, overrides } = one.more ?? {};
      const passed = overrides?.map(({ gate }) => gate).join(", ");
      blocks.push(
        [
          `Glu-Request: ${request}\nGlu-App: ${one.app}\nGlu-Environment: ${one.environment ?? "production"}`,
          `Glu-Artifact: ${artifact.id}\nGlu-Kind: ${kind}`,
          ...(reason === undefined ? [] : [`Glu-Reason: ${reason}`]),
          ...(passed === undefined ? [] : [`Glu-Override: ${passed}`]),
          `Glu-Actor: ${actor.name}`,
        ].join("\n"),
      );
    }
    const at = Math.max(...releases.map((one) => one.at));
    return this.commit(message ?? `Release\n\n${blocks.join("\n")}\n`, at, [...paths]);
  }

  record(app: string, environment = "production"): ReleaseRecord {
    const record = this.#records.get(`.glu/${app}/${environment}.json`);
    if (record === undefined) throw new Error(`Nothing was released of ${app} in ${environment}.`);
    return record;
  }

  /** Changes what a record says, for the next commit that names its path, which is given. */
  amend(app: string, environment: string, change: (record: ReleaseRecord) => ReleaseRecord): string {
    const path = `.glu/${app}/${environment}.json`;
    this.#records.set(path, change(this.record(app, environment)));
    this.#files.set(path, `${JSON.stringify(this.#records.get(path), null, 2)}\n`);
    return path;
  }

  #change(
    { app, environment = "production", at, state = "committed", more = {} }: PastRelease,
    request: string,
    artifact: Artifact,
  ) {
    const file = pastFile(app, environment, this.isShared(app));
    const image = artifact.images.web;
    const key = this.isShared(app) ? app : "image";
    const text = (this.#files.get(file) ?? "")
      .replace(new RegExp(`(tag: ")[^"]*(" # of ${app}$)`, "m"), `$1${image?.tag}$2`)
      .replace(new RegExp(`(digest: ")[^"]*(" # of ${app}$)`, "m"), `$1${image?.digest}$2`);
    this.#files.set(file, text);
    const time = new Date(at).toISOString();
    const current: Release = {
      request,
      kind: "promotion",
      artifact,
      decidedOn: "0".repeat(40),
      actor: { name: "ada", verified: false },
      decidedAt: time,
      releasedAt: time,
      ...(state === "healthy" ? { verifiedAt: time } : {}),
      state,
      writes: [
        { path: file, selector: `${key}.tag`, value: String(image?.tag), editor: "yaml" },
        { path: file, selector: `${key}.digest`, value: String(image?.digest), editor: "yaml" },
      ],
      superseded: [],
      ...more,
    };
    const path = `.glu/${app}/${environment}.json`;
    const was = this.#records.get(path);
    const history = was?.current ? [was.current, ...was.history].slice(0, 50) : (was?.history ?? []);
    const rejected = was?.rejected ?? [];
    const record: ReleaseRecord = { schema: "glu.record.v1", app, environment, current, history, rejected };
    this.#records.set(path, record);
    this.#files.set(path, `${JSON.stringify(record, null, 2)}\n`);
    return [path, file];
  }

  /** The repository itself, and the commits by their numbers. */
  make(): PastRepository {
    return new PastRepository(this.#stream.join(""));
  }
}

const values = (app: string) => `  tag: "0.0" # of ${app}\n  digest: "" # of ${app}\n`;

export class PastRepository implements Disposable {
  readonly fixture: BareFixture;
  readonly #commits: readonly string[];

  constructor(stream: string) {
    this.fixture = new BareFixture();
    const marks = join(this.fixture.root, "marks");
    const args = ["fast-import", "--quiet", `--export-marks=${marks}`];
    const done = spawnSync("git", args, { cwd: this.fixture.path, env: plainGitEnvironment, input: stream });
    if (done.status !== 0) throw new Error(done.stderr.toString());
    const lines = readFileSync(marks, "utf8").trim().split("\n");
    const pairs = lines.map((line) => line.slice(1).split(" "));
    this.#commits = pairs.sort(([a], [b]) => Number(a) - Number(b)).map(([, id]) => id ?? "");
  }

  get path(): string {
    return this.fixture.path;
  }

  /** The n-th commit of the past; the first is 1. */
  commitAt(number: number): string {
    return this.#commits[number - 1] ?? "";
  }

  text(path: string, at = "main"): string {
    return this.fixture.git("cat-file", "blob", `${at}:${path}`);
  }

  /** The number of the artifact that a file names for an app: of its tag and digest, which must agree. */
  runs(app: string, environment = "production", isShared = false): number {
    const text = this.text(pastFile(app, environment, isShared));
    const value = (key: string) => new RegExp(`${key}: "([^"]*)" # of ${app}$`, "m").exec(text)?.[1] ?? "";
    const number = Number(value("tag").slice(2));
    if (value("digest") !== digestOf(number)) throw new Error(`${value("tag")} is not ${value("digest")}.`);
    return number;
  }

  record(app: string, environment = "production"): ReleaseRecord | undefined {
    const path = `.glu/${app}/${environment}.json`;
    return this.fixture.git("ls-tree", "--name-only", "main", "--", path) === ""
      ? undefined
      : (JSON.parse(this.text(path)) as ReleaseRecord);
  }

  artifact(app: string, number: number): Artifact {
    return pastArtifact(app, number);
  }

  /** Back to how it was. */
  reset(to: string): void {
    this.fixture.git("update-ref", "refs/heads/main", to);
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }
}
