import { join } from "node:path";
import type { Artifact, ReleaseRecord } from "@glu/core";
import { artifactForTest, BareFixture } from "@glu/testing/internal";
import type { Machine } from "./glu-process.ts";

export interface ConfigWorldOptions {
  /** Names of the apps. */
  apps: readonly string[];
  /** All apps write into one file; else each into its own. */
  shared?: boolean;
  /** Replaces or adds files; undefined leaves one out. */
  files?: Record<string, string | undefined>;
  sha256?: boolean;
}

export const digestOf = (number: number): string => `sha256:${number.toString(16).padStart(64, "0")}`;

/** An artifact of an app with one image. */
export function artifactOf(app: string, number: number, more: Partial<Artifact> = {}): Artifact {
  const name = `ghcr.io/acme/${app}`;
  const [tag, digest] = [`1.${number}`, digestOf(number)];
  return artifactForTest(number, {
    app,
    version: {
      repositoryName: `acme/${app}`,
      sha: number.toString(16).padStart(40, "0"),
      branch: "main",
      event: "push",
    },
    images: { web: { name, tag, digest, ref: `${name}:${tag}@${digest}` } },
    ...more,
  });
}

const ownFile = (app: string) =>
  `# ${app}\nreplicas:   3  # by hand\nimage:\n    tag: "0.0"   # of ${app}\n    digest: ""   # of ${app}\nenv: [ {name: A, value: 'x'} ]\n`;

/** A bare config repository as a team has one. */
export class ConfigWorld implements Disposable {
  readonly fixture: BareFixture;
  readonly apps: readonly string[];
  readonly shared: boolean;

  constructor({ apps, shared = false, files = {}, sha256 = false }: ConfigWorldOptions) {
    this.apps = apps;
    this.shared = shared;
    const write = shared
      ? '    - yaml: all/{{ env }}.yaml\n      set: { "{{ app }}.tag": "{{ images.web.tag }}", "{{ app }}.digest": "{{ images.web.digest }}" }\n'
      : '    - yaml: apps/{{ app }}/{{ env }}.yaml\n      set: { image.tag: "{{ images.web.tag }}", image.digest: "{{ images.web.digest }}" }\n';
    const seed: Record<string, string | undefined> = {
      "glu.yaml": `version: 1\nenvironments:\n  staging:\n    policy: { event: push, branch: main }\n  production:\n    from: staging\ndefaults:\n  write:\n${write}apps:\n${apps
        .map((app) => `  ${app}: { repository: acme/${app}, images: { web: ghcr.io/acme/${app} } }\n`)
        .join("")}`,
      "README.md": "A config repository.\n",
    };
    for (const environment of ["staging", "production"]) {
      if (shared) {
        seed[`all/${environment}.yaml`] = apps
          .map((app) => `${app}:   # keep\n   tag: "0.0"     # of ${app}\n   digest: ""   # of ${app}\n`)
          .join("\n");
      } else for (const app of apps) seed[`apps/${app}/${environment}.yaml`] = ownFile(app);
    }
    const all = Object.entries({ ...seed, ...files }).filter((pair): pair is [string, string] => pair[1] !== undefined);
    this.fixture = new BareFixture({ seed: Object.fromEntries(all), sha256 });
  }

  get path(): string {
    return this.fixture.path;
  }

  /** The folder that a Git server serves, and the repository's name in it. */
  get root(): string {
    return this.fixture.root;
  }
  readonly name = "config.git";

  git(...args: string[]): string {
    return this.fixture.git(...args);
  }

  /** All refs and what they point to. */
  refs(): string {
    return this.git("for-each-ref");
  }

  text(path: string, at = "main"): string {
    return this.git("cat-file", "blob", `${at}:${path}`);
  }

  record(app: string, environment: string, at = "main"): ReleaseRecord | undefined {
    const path = `.glu/${app}/${environment}.json`;
    if (this.git("ls-tree", "--name-only", at, "--", path) === "") return undefined;
    return JSON.parse(this.text(path, at)) as ReleaseRecord;
  }

  fileOf(app: string, environment: string): string {
    return this.shared ? `all/${environment}.yaml` : `apps/${app}/${environment}.yaml`;
  }

  /** The commits after the first, oldest first, with parents and changed paths. */
  commits(): { id: string; parents: string[]; message: string; paths: string[] }[] {
    const ids = this.git("rev-list", "--reverse", "main").split("\n").slice(1);
    return ids.map((id) => ({
      id,
      parents: this.git("log", "-1", "--format=%P", id).split(" "),
      message: this.git("log", "-1", "--format=%B", id),
      paths: this.git("diff-tree", "-r", "--no-commit-id", "--name-only", id).split("\n").sort(),
    }));
  }

  /** The whole tree as text, with the times of records taken out: what must be equal however it came about. */
  timelessTree(): Record<string, string> {
    const files = this.git("ls-tree", "-r", "--format=%(objectmode) %(path)", "main").split("\n");
    return Object.fromEntries(
      files.map((line) => {
        const path = line.slice(line.indexOf(" ") + 1);
        const text = this.text(path);
        const timeless = text.replace(/"(decidedAt|releasedAt)": "[^"]*"/g, '"$1": "then"');
        return [line, path.startsWith(".glu/") ? timeless : text];
      }),
    );
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }
}

/** Writes an artifact as a file that `--artifact` takes. */
export function writeArtifact(machine: Machine, artifact: unknown, name = "artifact.json"): string {
  machine.write(name, JSON.stringify(artifact));
  return join(machine.root, name);
}
