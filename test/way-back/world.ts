import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BareFixture, plainGitEnvironment } from "@glu/testing/internal";
import type { Machine } from "../product/glu-process.ts";

export const environments = ["testing", "staging", "production"] as const;
export type EnvironmentName = (typeof environments)[number];
export const upstreamOf: Partial<Record<string, EnvironmentName>> = { staging: "testing", production: "staging" };

/** What follows in an environment when a release fails there. */
export type OnFailure = Readonly<Record<EnvironmentName, "hold" | "rollback" | "notify">>;

/** How long a release has, in seconds. */
export const within = 1;
/** Who may pass which gates in production. */
export const breakGlass = { user: "grace", gates: ["freeze", "from", "pin"] };

/** Every fourth app writes into a file that others write into, too. */
export const sharesFile = (app: string): boolean => Number(app.slice(4)) % 4 === 0;
export const fileOf = (app: string, environment: string): string =>
  sharesFile(app) ? `shared/${environment}.yaml` : `apps/${app}/${environment}.yaml`;

/** What was there before the first release. */
export const nothing = { tag: "0.0", digest: "" };

/** The values of one app as a file has them, found by the comments behind them. */
export function valuesIn(text: string, app: string): { tag: string | undefined; digest: string | undefined } {
  const value = (key: string) => new RegExp(`^ +${key}: "([^"]*)" +# of ${app}$`, "m").exec(text)?.[1];
  return { tag: value("tag"), digest: value("digest") };
}

export const isOwnLine = (line: string, app: string): boolean => line.endsWith(`# of ${app}`);

const values = (app: string) =>
  `    tag: "${nothing.tag}"   # of ${app}\n    digest: "${nothing.digest}"   # of ${app}\n`;
const set = (at: string) => `{ ${at}.tag: "{{ images.web.tag }}", ${at}.digest: "{{ images.web.digest }}" }`;

export interface WayBackWorldOptions {
  apps: number;
  onFailure: OnFailure;
  /** Where the server is that tells of a release whether it is good. */
  health: string;
  /** A file with a line for each that is broken in testing. */
  broken: string;
}

/** A config repository with three environments, and what its apps are built from. */
export class WayBackWorld implements Disposable {
  readonly fixture: BareFixture;
  readonly apps: readonly string[];
  readonly #machine: Machine;

  constructor(machine: Machine, { apps: count, onFailure, health, broken }: WayBackWorldOptions) {
    this.#machine = machine;
    const probe = machine.write(
      "probe",
      `#!/bin/sh\nversion="$\{GLU_IMAGE_WEB#*:}"\n! grep -q "^$GLU_ENVIRONMENT $GLU_APP $\{version%@*};" '${broken}'\n`,
      0o755,
    );
    const verify = (environment: EnvironmentName, gate: string) =>
      `verify: { gates: [${gate}], within: ${within}s, on-failure: ${onFailure[environment]} }`;
    const http = `{ http: { url: "${health}/{{ env }}/{{ app }}/{{ images.web.tag }}", retries: 0, timeout: 20s } }`;
    this.apps = Array.from({ length: count }, (_, index) => `app-${String(index + 1).padStart(2, "0")}`);
    const shared = this.apps.filter(sharesFile);
    const declared = this.apps.map((app) => {
      const write = sharesFile(app) ? `, write: [{ yaml: "shared/{{ env }}.yaml", set: ${set(app)} }]` : "";
      return `  ${app}: { images: { web: ghcr.io/acme/${app} }${write} }\n`;
    });
    const seed: Record<string, string> = {
      "glu.yaml": `version: 1
environments:
  testing:
    policy: { branch: main }
    ${verify("testing", `{ command: { run: ["${probe}"] } }`)}
  staging:
    from: testing
    auto: newest
    ${verify("staging", http)}
  production:
    from: staging
    ${verify("production", http)}
    break-glass: [{ gates: [${breakGlass.gates.join(", ")}], users: [${breakGlass.user}] }]
defaults:
  write: [{ yaml: "apps/{{ app }}/{{ env }}.yaml", set: ${set("image")} }]
apps:
${declared.join("")}`,
      "README.md": "A config repository.\n",
    };
    for (const environment of environments) {
      seed[`shared/${environment}.yaml`] =
        `replicas: 1\n${shared.map((app) => `${app}: # all of it\n${values(app)}`).join("\n")}`;
      for (const app of this.apps.filter((one) => !sharesFile(one))) {
        seed[`apps/${app}/${environment}.yaml`] = `# a remark\nreplicas: 1\nimage:\n${values(app)}env: [ {name: A} ]\n`;
      }
    }
    this.fixture = new BareFixture({ seed });
    for (const app of this.apps) {
      mkdirSync(this.sourceOf(app));
      this.#inSource(app, ["init", "--quiet", "--initial-branch=main"]);
      this.#inSource(app, ["remote", "add", "origin", `https://forge.invalid/acme/${app}.git`]);
    }
  }

  sourceOf(app: string): string {
    return join(this.#machine.root, `source-${app}`);
  }

  /** A commit in an app's own repository, a second after the one before. */
  commitSource(app: string, number: number): void {
    const message = ["commit", "--quiet", "--allow-empty", "--message", `Change ${number}`];
    this.#inSource(app, message, { GIT_COMMITTER_DATE: `${1_780_000_000 + number} +0000` });
  }

  #inSource(app: string, args: readonly string[], env: Record<string, string> = {}): void {
    execFileSync("git", args, { cwd: this.sourceOf(app), env: { ...plainGitEnvironment, ...env } });
  }

  text(path: string, at = "main"): string {
    return this.fixture.git("cat-file", "blob", `${at}:${path}`);
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }
}
