import { createTemplates, parseConfig } from "@glu/config";
import {
  type Artifact,
  type ConfigRepository,
  configurableGates,
  type FileAt,
  freeze,
  noOutside,
  noProposing,
  noStatuses,
  OutsideError,
  type Pipeline,
  type PromotePorts,
  type PromoteRequest,
  type PromoteResult,
  pin,
  promote,
  requestId,
  unfreeze,
  unpin,
} from "@glu/core";
import { editors } from "@glu/editors";
import { artifactForTest, FakeClock, MemoryArtifactStore, MemoryRepository } from "@glu/testing/internal";

/** One commit of the branch: what it says and the whole tree after it. */
export interface HistoryEntry {
  commit: string;
  message: string;
  files: ReadonlyMap<string, FileAt>;
}

export const environments = ["staging", "production", "demo"] as const;
export type EnvironmentName = (typeof environments)[number];

/** Where each app goes. jobs and mail write into one file; api has lines that end in CRLF and skips production. */
export const apps = {
  web: ["staging", "production", "demo"],
  api: ["staging", "demo"],
  jobs: ["staging", "production", "demo"],
  mail: ["staging", "production", "demo"],
} as const satisfies Record<string, readonly EnvironmentName[]>;
export type AppName = keyof typeof apps;
export const appNames = Object.keys(apps) as AppName[];

/** The list in the config that says where web goes, with or without demo; people change it meanwhile. */
export const webGoes = (demo: boolean): string => `environments: [staging, production${demo ? ", demo" : ""}]`;

export const fileOf = (app: string, environment: string): string =>
  app === "jobs" || app === "mail" ? `shared/${environment}.yaml` : `apps/${app}/${environment}.yaml`;

const config = `version: 1
environments:
  staging: { policy: { event: push, branch: main } }
  production: { from: staging }
  demo: {}
defaults:
  write:
    - yaml: apps/{{ app }}/{{ env }}.yaml
      set: { image.tag: "{{ images.web.tag }}" }
apps:
  web: { repository: acme/web, images: { web: ghcr.io/acme/web }, environments: [staging, production, demo] }
  api: { repository: acme/api, images: { web: ghcr.io/acme/api }, environments: [staging, demo] }
  jobs:
    images: { web: ghcr.io/acme/jobs }
    write:
      - yaml: shared/{{ env }}.yaml
        set: { "{{ app }}.tag": "{{ images.web.tag }}" }
  mail:
    images: { web: ghcr.io/acme/mail }
    write:
      - yaml: shared/{{ env }}.yaml
        set: { "{{ app }}.tag": "{{ images.web.tag }}" }
`;

const own = (app: string): string =>
  `# ${app}: keep in step\nreplicas:   3   # by hand\nimage: \n    tag: "none"   # tag of ${app}\n    other: 'x'\n`;
const sharedFile =
  'replicas: 3 # by hand\n\njobs: \n   tag: "none" # tag of jobs\nmail:\n      tag: "none"   # tag of mail\n';

function seed(): Record<string, string> {
  const files: Record<string, string> = { "glu.yaml": config, "README.md": "Not Glu's.\n" };
  for (const environment of environments) {
    files[`apps/web/${environment}.yaml`] = `\ufeff${own("web")}`;
    files[`apps/api/${environment}.yaml`] = own("api").replaceAll("\n", "\r\n");
    files[`shared/${environment}.yaml`] = sharedFile;
  }
  return files;
}

/** How many artifacts an app has on main, oldest first; one more is on another branch, and one of a pull request. */
export const onMain = 5;

const made = new Map<string, Artifact[]>();

/** `1.<number>` on main; `f.1` on a feature branch; `p.1` of a pull request. */
export function artifactsOf(app: string): Artifact[] {
  const known = made.get(app) ?? makeArtifacts(app);
  made.set(app, known);
  return known;
}

function makeArtifacts(app: string): Artifact[] {
  const make = (number: number, tag: string, branch: string, event: "push" | "pr") => {
    const digest = `sha256:${number.toString(16).padStart(64, "0")}`;
    const name = `ghcr.io/acme/${app}`;
    return artifactForTest(number, {
      app,
      version: { repositoryName: `acme/${app}`, sha: number.toString(16).padStart(40, "0"), branch, event },
      images: { web: { name, tag, digest, ref: `${name}:${tag}@${digest}` } },
      run: { host: "github", id: `${number}`, number, workflow: "build" },
    });
  };
  return [
    ...Array.from({ length: onMain }, (_, index) => make(index + 1, `1.${index + 1}`, "main", "push")),
    make(onMain + 1, "f.1", "feature", "push"),
    make(onMain + 2, "p.1", "main", "pr"),
  ];
}

/** The death of a process, which no code may catch and answer. */
export class Killed extends Error {}

export interface Fault {
  /** Dies at the first commit it pushes, before or after it has arrived. */
  kill?: "before" | "after";
  /** The answer to the first push is lost. */
  unclear?: "landed" | "lost";
}

let shared: { store: MemoryArtifactStore; templates: PromotePorts["templates"] } | undefined;

async function filledStore(): Promise<MemoryArtifactStore> {
  const store = new MemoryArtifactStore();
  for (const app of appNames) for (const artifact of artifactsOf(app)) await store.put(artifact);
  return store;
}

const parsed = new Map<string, Pipeline>();

/** The pipeline of a config, parsed once. */
function pipelineOf(text: string): Pipeline {
  const pipeline = parsed.get(text) ?? parseConfig({ file: "glu.yaml", text, editors, gates: configurableGates });
  parsed.set(text, pipeline);
  return pipeline;
}

/** A config repository and everything a promotion needs, in memory, with the real config, templates and editors. */
export class Delivery {
  readonly history: HistoryEntry[] = [];
  readonly clock = new FakeClock("2026-11-21T08:00:00Z", [0.1, 0.9, 0.4]);
  readonly repository = new MemoryRepository({ seed: seed(), clock: this.clock });
  /** Awaited before everything that another writer may get in between. */
  turn: (what: string) => Promise<unknown> = async () => {};
  readonly #store: MemoryArtifactStore;
  readonly #templates: PromotePorts["templates"];

  private constructor(store: MemoryArtifactStore, templates: PromotePorts["templates"]) {
    this.#store = store;
    this.#templates = templates;
    this.remember();
  }

  static async begin(): Promise<Delivery> {
    // Artifacts and templates do not change: all worlds share them.
    shared ??= { store: await filledStore(), templates: await createTemplates() };
    return new Delivery(shared.store, shared.templates);
  }

  /** Notes the tip when it is new. Called right after everything that may have moved the branch. */
  remember(): void {
    const [tip] = this.repository.log();
    if (tip === undefined || this.history.at(-1)?.commit === tip.commit) return;
    this.history.push({ commit: tip.commit, message: tip.message, files: this.repository.files() });
  }

  text(path: string): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.repository.files().get(path as never)?.content);
  }

  /** Somebody edits a file, on the newest tip. */
  async byHand(path: string, edit: (text: string) => string): Promise<void> {
    await this.turn(`by hand ${path}`);
    this.repository.push("refs/heads/main" as never, { [path]: edit(this.text(path)) }, "By hand");
    this.remember();
  }

  /** A connection of a process of its own. */
  #connect(fault: Fault = {}): ConfigRepository {
    const inner = this.repository.open();
    let first = true;
    return {
      ...inner,
      open: async () => {
        await this.turn("open");
        return inner.open();
      },
      commit: async (onto, commit) => {
        await this.turn("push");
        const { kill, unclear } = first ? fault : {};
        first = false;
        if (kill === "before") throw new Killed();
        if (unclear === "lost") throw new OutsideError("repository/unclear", "No answer.", { transient: true });
        const answer = inner.commit(onto, commit);
        // The memory repository moves at once; its answer comes later, when others may have moved it again.
        this.remember();
        const outcome = await answer;
        await this.turn("answer");
        if (kill === "after") throw new Killed();
        if (unclear === "landed") throw new OutsideError("repository/unclear", "No answer.", { transient: true });
        return outcome;
      },
    };
  }

  async promote(request: PromoteRequest, fault: Fault = {}): Promise<PromoteResult> {
    const repository = this.#connect(fault);
    const silent = () => {};
    return promote(request, {
      repository,
      loadPipeline: async (tip) => {
        const file = (await tip.read(["glu.yaml" as never])).get("glu.yaml" as never);
        return pipelineOf(new TextDecoder().decode(file?.content));
      },
      repositoryOf: () => repository,
      storesOf: () => [this.#store],
      readArtifactFile: async () => "{}",
      editors,
      gates: configurableGates,
      outside: noOutside,
      proposing: noProposing,
      statuses: noStatuses,
      templates: this.#templates,
      clock: this.clock,
      logger: { debug: silent, info: silent, notice: silent, warning: silent, progress: silent },
      source: undefined,
    });
  }

  /** Pins, unpins, freezes or unfreezes. */
  async hold(kind: "pin" | "unpin" | "freeze" | "unfreeze", app: string, environment: string, id: string) {
    const repository = this.#connect();
    const ports = {
      repository,
      loadPipeline: async () => pipelineOf(config),
      repositoryOf: () => repository,
      clock: this.clock,
    };
    const base = { reason: "incident", actor: { name: "ada", verified: true }, request: requestId(id) };
    if (kind === "pin") return pin({ ...base, app, environment, artifact: undefined, until: undefined }, ports);
    if (kind === "unpin") return unpin({ ...base, app, environment }, ports);
    if (kind === "freeze") return freeze({ ...base, scope: environment, until: undefined }, ports);
    return unfreeze({ ...base, scope: environment }, ports);
  }
}
