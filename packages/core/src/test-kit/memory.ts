import { createHash } from "node:crypto";
import { z } from "zod";
import { type ArtifactContent, identify } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import { configurableGates } from "../gates/gates.ts";
import type { Artifact } from "../model/artifact.ts";
import { appName, envName, repoPath, requestId } from "../model/names.ts";
import type { App, Environment, Pipeline, Policy } from "../model/pipeline.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { Editor } from "../ports/editor.ts";
import { noOutside } from "../ports/no-outside.ts";
import { noProposing } from "../ports/no-proposing.ts";
import { noStatuses } from "../ports/no-statuses.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import { bytes } from "./bytes.ts";
import { MemoryRepository } from "./memory-repository.ts";

export { bytes, MemoryRepository };

/** `key: value` lines: enough of an editor to test what is around it. */
export const linesEditor: Editor<{ lines: string; set: Record<string, string> }> = {
  kind: "lines",
  options: z.object({ lines: z.string(), set: z.record(z.string(), z.string()) }),
  paths: ({ lines }) => [repoPath(lines)],
  edit: ({ lines, set }, files) => {
    const path = repoPath(lines);
    const file = files.get(path);
    if (file === undefined) return { kind: "refused", code: "edit/no-file", path, message: "There is no such file." };
    let text = new TextDecoder().decode(file);
    for (const [key, value] of Object.entries(set)) {
      if (!new RegExp(`^${key}: `, "m").test(text))
        return { kind: "refused", code: "edit/no-key", path, message: `There is no ${key}.` };
      text = text.replace(new RegExp(`^${key}: .*$`, "m"), `${key}: ${value}`);
    }
    const writes = Object.entries(set).map(([selector, value]) => ({ path, selector, value, editor: "lines" }));
    return { kind: "edited", files: new Map([[path, bytes(text)]]), writes };
  },
  read: (file, selector) => new RegExp(`^${selector}: (.*)$`, "m").exec(new TextDecoder().decode(file))?.[1],
};

export function environment(name: string, more: Partial<Environment> = {}): Environment {
  return {
    name: envName(name),
    tier: undefined,
    policy: [],
    accept: [],
    from: undefined,
    auto: undefined,
    gates: [],
    propose: undefined,
    repository: undefined,
    ref: undefined,
    ...more,
  };
}

export const onMain: Policy[] = [{ event: ["push"], branch: ["main"] }];

/** staging by itself from main, production from staging. */
export const twoStages = (): Environment[] => [
  environment("staging", { policy: onMain }),
  environment("production", { from: { mode: "all", environments: [envName("staging")] }, tier: "production" }),
];

export function pipelineOf(
  apps: readonly string[],
  environments: readonly Environment[] = twoStages(),
  more: Partial<App> = {},
): Pipeline {
  return {
    file: repoPath("glu.yaml"),
    artifacts: { kind: "git", ref: "refs/glu/artifacts" },
    environments: new Map(environments.map((one) => [one.name, one])),
    apps: new Map(
      apps.map((name) => [
        appName(name),
        {
          name: appName(name),
          repository: `acme/${name}`,
          images: { web: `ghcr.io/acme/${name}` },
          environments: environments.map((one) => one.name),
          manifests: [],
          write: [
            {
              editor: "lines",
              options: { lines: "apps/{{app}}/{{env}}.txt", set: { tag: "{{tag}}" } },
              line: undefined,
            },
          ],
          ...more,
        },
      ]),
    ),
  };
}

/** The commit of the config branch that is decided on, where it is of no matter. */
export const someTip = { repository: "acme/config", commit: "c".repeat(40) };

export function artifactOf(app: string, number: number, more: Partial<ArtifactContent> = {}): Artifact {
  const digest = `sha256:${createHash("sha256").update(`${app}${number}`).digest("hex")}`;
  const name = `ghcr.io/acme/${app}`;
  const at = new Date(Date.UTC(2026, 10, 1, 0, number)).toISOString();
  return identify({
    schema: "glu.artifact.v1",
    app,
    created: at,
    committedAt: at,
    version: {
      repositoryName: `acme/${app}`,
      sha: createHash("sha1").update(`${app}${number}`).digest("hex"),
      branch: "main",
      event: "push",
    },
    images: { web: { name, tag: `1.${number}`, digest, ref: `${name}:1.${number}@${digest}` } },
    context: {},
    environments: [],
    items: [],
    vars: {},
    run: { host: "github", id: `${number}`, number, workflow: "build" },
    ...more,
  }).artifact;
}

/** Two artifacts that share an id: their digests begin with the same 48 bits. Found by trying 2^24 of them. */
export function collidingArtifacts(): [Artifact, Artifact] {
  const { version } = artifactOf("web", 0);
  const {
    run: _run,
    id: _id,
    ...plain
  } = artifactOf("web", 0, {
    version: { ...version, sha: "0".repeat(40) },
    images: {},
  });
  const made = (nonce: string) => identify({ ...plain, vars: { nonce } }).artifact;
  return [made("8223906"), made("9237885")];
}

export function storeOf(artifacts: readonly Artifact[]): ArtifactStore {
  return {
    location: "memory",
    put: async () => ({ kind: "stored", ref: "memory" }),
    expect: async () => {},
    ids: async (app) =>
      artifacts
        .filter((one) => one.app === app)
        .map((one) => one.id as never)
        .sort()
        .reverse(),
    read: async (_app, ids) =>
      new Map(
        ids.flatMap((id) =>
          artifacts
            .filter((one) => one.id === id)
            .map((artifact) => [id, { artifact, digest: "" as never, addedItems: [] }] as const),
        ),
      ),
    addItem: async () => ({ kind: "stored", ref: "memory" }),
    async [Symbol.asyncDispose]() {},
  };
}

/** Time that passes only when it is slept through. */
export function clockAt(start: number) {
  const clock = {
    time: start,
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.time += ms;
    },
    random: () => 0.5,
  };
  return clock;
}

export const start = Date.UTC(2026, 10, 21, 7);

export function world(options: {
  apps?: string[];
  pipeline?: Pipeline;
  artifacts: readonly Artifact[];
  files?: Record<string, string>;
}) {
  const apps = options.apps ?? ["web"];
  const pipeline = options.pipeline ?? pipelineOf(apps);
  const files =
    options.files ??
    Object.fromEntries(
      apps.flatMap((app) =>
        [...pipeline.environments.keys()].map((env) => [`apps/${app}/${env}.txt`, "a: 1\ntag: none\n"]),
      ),
    );
  const repository = new MemoryRepository(files);
  const clock = clockAt(start);
  let requests = 0;
  const silent = () => {};
  const ports: PromotePorts = {
    repository,
    loadPipeline: async () => pipeline,
    repositoryOf: () => repository,
    storesOf: () => [storeOf(options.artifacts)],
    readArtifactFile: async () => "{}",
    editors: [linesEditor as Editor],
    gates: configurableGates,
    outside: noOutside,
    proposing: noProposing,
    statuses: noStatuses,
    templates: {
      render: (text, variables) =>
        text
          .replace("{{app}}", String(variables.app))
          .replace("{{env}}", String(variables.env))
          .replace("{{tag}}", () => tagIn(variables)),
    },
    clock,
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    source: undefined,
  };
  const ask = (more: Partial<PromoteRequest> = {}): PromoteRequest => ({
    apps: apps.slice(0, 1),
    environments: [],
    artifact: "latest",
    reason: undefined,
    plan: false,
    overwrite: false,
    set: false,
    commitMessage: undefined,
    author: undefined,
    request: requestId(`r-${++requests}`),
    again: false,
    actor: { name: "ada", verified: true },
    ...more,
  });
  return { repository, ports, clock, pipeline, ask };
}

function tagIn({ images }: Readonly<Record<string, unknown>>): string {
  if (images === undefined) throw new UserError("template/missing-variable", "There is no images.web.tag.");
  return (images as Artifact["images"]).web?.tag ?? "";
}
