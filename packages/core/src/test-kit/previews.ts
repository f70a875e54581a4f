import { appName, repoPath, requestId, type Sha } from "../model/names.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { ManifestObject } from "../ports/manifests.ts";
import type { OpenPulls, Pull, Pulls } from "../ports/pulls.ts";
import type { BringBackPorts } from "../preview/bring-back.ts";
import type { PreviewPorts, PreviewSettings, PreviewTemplate, UpRequest } from "../preview/options.ts";
import { type SweepPorts, type SweepRequest, sweepPreviews } from "../preview/sweep.ts";
import { bytes } from "./bytes.ts";
import { MemoryRepository } from "./memory-repository.ts";

export const minute = 60_000;
export const day = 24 * 60 * minute;
/** The time at which every test of previews begins. */
export const morning = Date.parse("2026-11-21T07:00:00.000Z");

export const headOf = (text: string): Sha => Buffer.from(text.padEnd(20, ".")).toString("hex").slice(0, 40) as Sha;

/** A forge whose pull requests are opened, pushed to and closed by a test. */
export class MemoryPulls implements Pulls {
  readonly all = new Map<number, Pull>();
  complete = true;

  set(number: number, more: Partial<Pull> = {}): Pull {
    const before = this.all.get(number);
    const pull: Pull = {
      ...{ number, isOpen: true, head: headOf(`${number}`), updatedAt: morning, closedAt: undefined, author: "ada" },
      ...{ branch: `feature-${number}`, base: "main", fromFork: false, labels: [], ...before, ...more },
    };
    this.all.set(number, pull);
    return pull;
  }

  async find(number: number): Promise<Pull | undefined> {
    return this.all.get(number);
  }

  async open(): Promise<OpenPulls> {
    return { pulls: [...this.all.values()].filter(({ isOpen }) => isOpen), complete: this.complete };
  }
}

export const settings: PreviewSettings = {
  folder: repoPath("previews"),
  host: "{{ preview.name }}.preview.example.com",
  url: undefined,
  health: undefined,
  seed: undefined,
  links: {},
  idle: 3 * day,
  maxAge: 30 * day,
  limit: undefined,
  limitPerAuthor: undefined,
  onLimit: "fail",
};

const web = `kind: Deployment
name: web
image: {{ images.web.ref }}
host: {{ preview.host }}
`;

export const template = (text = web): PreviewTemplate => ({
  from: "deploy/preview",
  files: new Map([["web.yaml", bytes(text)]]),
});

const quiet: Logger = { info: () => {}, warning: () => {}, debug: () => {} } as unknown as Logger;

export interface PreviewWorld extends PreviewPorts {
  repository: MemoryRepository;
  pulls: MemoryPulls;
  /** The template; a test may put another in its place. */
  template: PreviewTemplate;
  now: number;
}

/** Ports in memory. A manifest is `kind: Name` lines here: enough to test what is around it. */
export function previewWorld(files: Record<string, string> = { "README.md": "" }): PreviewWorld {
  const clock: Clock = { now: () => world.now, sleep: async () => {}, random: () => 0.5 };
  const world: PreviewWorld = {
    repository: new MemoryRepository(files),
    pulls: new MemoryPulls(),
    template: template(),
    now: morning,
    loadTemplate: async () => world.template,
    templates: {
      render: (text, variables, harmless = (value) => value) =>
        text.replace(/\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
          const value = name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], variables);
          return harmless(String(value));
        }),
    },
    manifests: {
      objectsIn: (_, content) => {
        const read = (key: string) => new RegExp(`^${key}: (.*)$`, "m").exec(new TextDecoder().decode(content))?.[1];
        const object: ManifestObject = {
          kind: read("kind") ?? "",
          name: read("name") ?? "",
          namespace: read("namespace"),
        };
        return [object];
      },
      objectsAmong: () => [],
      kindOf: () => "objects",
      mergeValues: (_, lower, upper) => bytes(`${new TextDecoder().decode(lower)}${new TextDecoder().decode(upper)}`),
      inNamespace: (_, content) => content,
    },
    kustomizations: {
      read: () => ({ namespace: undefined, references: [] }),
      edit: (_, content) => content,
    },
    builder: {
      build: async ({ files }) => files.values().next().value ?? bytes(""),
    },
    clock,
    logger: quiet,
  };
  return world;
}

/** A sweep of the previews of `web`. */
export function sweepIn(
  world: PreviewWorld,
  more: Partial<SweepRequest> & Partial<Pick<SweepPorts, "pulls" | "bringBack">> = {},
) {
  const { pulls: _pulls, bringBack, ...request } = more;
  const usual: BringBackPorts = {
    ...world,
    settingsOf: () => settings,
    templateOf: async () => world.template,
  };
  return sweepPreviews(
    {
      ...{ apps: [appName("web")], repository: undefined, force: false, plan: false, author: undefined },
      ...{ asking: { when: "always", label: "preview" }, actor: { name: "ada", verified: true } },
      ...{ request: requestId("sweep"), ...request },
    },
    { ...world, pulls: "pulls" in more ? more.pulls : world.pulls, bringBack: bringBack ?? usual },
  );
}

/** An event of a pull request, as of its state on the forge. */
export function upOf(pull: Pull, more: Partial<UpRequest> = {}): UpRequest {
  const head = pull.head as Sha;
  return {
    ...{
      app: appName("web"),
      number: pull.number,
      event: { clock: pull.updatedAt, isOwn: true, head },
      pullAuthor: pull.author,
    },
    ...{
      branch: pull.branch,
      trust: { by: "repository", sha: head },
      settings,
      plan: false,
      reseed: false,
      byName: false,
      author: undefined,
    },
    images: { web: { name: "ghcr.io/acme/web", digest: `sha256:${"a".repeat(64)}` as never } },
    ...{ actor: { name: "ada", verified: true }, request: requestId(`up-${pull.number}-${pull.updatedAt}`) },
    ...more,
  };
}
