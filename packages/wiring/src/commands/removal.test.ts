import { createTemplates, parseConfig } from "@glu/config";
import {
  type Artifact,
  appName,
  configurableGates,
  envName,
  freeze,
  noOutside,
  noProposing,
  noStatuses,
  type PromotePorts,
  pin,
  promote,
  type RefName,
  type ReleaseRecord,
  type RemoveRequest,
  remove,
  requestId,
} from "@glu/core";
import { editors } from "@glu/editors";
import { artifactForTest, FakeClock, MemoryArtifactStore, MemoryRepository } from "@glu/testing/internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const branch = "refs/heads/main" as RefName;
const ada = { name: "ada", verified: true };
const silent = () => {};
const text = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content);

const writes = [
  `      - yaml: "{{ app }}/{{ env }}/values.yaml"\n        set: { image.tag: "{{ version.tag }}" }\n        create: true\n`,
  `      - kustomize: "{{ env }}"\n        image: "ghcr.io/acme/{{ app }}:{{ version.tag }}"\n        create: true\n`,
  `      - json: "{{ env }}.json"\n        set: { "{{ app }}.tag": "{{ version.tag }}" }\n        create: true\n`,
  `      - yaml: all.yaml\n        set: { "{{ app }}.{{ env }}": "{{ version.tag }}" }\n        create: true\n`,
  `      - yaml: lists.yaml\n        set: { "env[name={{ app }}-{{ env }}].value": "{{ version.tag }}" }\n        create: true\n`,
];

interface Given {
  environments?: string;
  write?: readonly string[];
  seed?: Record<string, string>;
}

const artifactOf = (app: string, number: number): Artifact => {
  const { version } = artifactForTest(number);
  const of = { ...version, repositoryName: `acme/${app}`, event: "tag" as const, tag: `1.${number}.0` };
  return artifactForTest(number, { app, version: of });
};

/** Two apps in two environments of one config repository in memory, with the real editors. */
async function delivery({ environments = "{ staging: {}, production: {} }", write = writes, seed = {} }: Given = {}) {
  const app = (name: string) => `  ${name}:\n    repository: acme/${name}\n    write:\n${write.join("")}`;
  const config = `version: 1\nenvironments: ${environments}\napps:\n${app("web")}${app("api")}`;
  const store = new MemoryArtifactStore();
  for (const name of ["web", "api"]) for (const number of [1, 2, 3]) await store.put(artifactOf(name, number));
  const repository = new MemoryRepository({ seed: { "glu.yaml": config, ...seed } });
  const opened = repository.open();
  const pipeline = parseConfig({
    file: "glu.yaml",
    text: config,
    editors,
    gates: configurableGates,
    folders: new Map(),
  });
  const clock = new FakeClock();
  const ports: PromotePorts = {
    repository: opened,
    loadPipeline: async () => pipeline,
    repositoryOf: () => opened,
    storesOf: () => [store],
    readArtifactFile: async () => "",
    ...{ editors, gates: configurableGates, outside: noOutside, proposing: noProposing, statuses: noStatuses },
    templates: await createTemplates(),
    clock,
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    source: undefined,
  };
  let requests = 0;
  const release = async (name: string, env: string, number: number) => {
    const result = await promote(
      {
        ...{ apps: [name], environments: [env], artifact: artifactOf(name, number).id, reason: "r", plan: false },
        ...{ overwrite: false, set: false, commitMessage: undefined, author: undefined, again: false, actor: ada },
        request: requestId(`p-${++requests}`),
      },
      ports,
    );
    if (result.result !== "promoted" && result.result !== "unchanged") {
      throw new Error(JSON.stringify(result.decisions.map(({ reason }) => reason)));
    }
  };
  const takeOut = (name: string, env: string, more: Partial<RemoveRequest> = {}) =>
    remove(
      {
        ...{
          app: appName(name),
          environment: envName(env),
          reason: undefined,
          actor: ada,
          repeatable: false,
          plan: false,
        },
        ...{ files: false, overwrite: false, override: [], directly: false, author: undefined },
        request: requestId(`d-${++requests}`),
        ...more,
      },
      ports,
    );
  /** All but Glu's own documents. */
  const tree = () =>
    Object.fromEntries(
      [...repository.files()].flatMap(([path, { content }]) =>
        path.startsWith(".glu/") ? [] : [[path, text(content)]],
      ),
    );
  const record = (name: string, env: string) =>
    JSON.parse(text(repository.file(`.glu/${name}/${env}.json` as never)?.content) ?? "null") as ReleaseRecord;
  return { repository, ports, release, takeOut, tree, record, clock };
}

describe("an app that is taken out", () => {
  it("leaves the files as they were before it came, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(writes, { minLength: 1 }),
        fc.dictionary(
          fc.constantFrom("all.yaml", "lists.yaml", "production/kustomization.yaml", "production.json"),
          fc.constantFrom("# mine\n", "a: b\n", "a: b", "a: b\r\n# end\r\n", "env: []\nimages: []\n"),
        ),
        fc.array(
          fc.tuple(
            fc.constantFrom("web", "api"),
            fc.constantFrom("staging", "production"),
            fc.integer({ min: 1, max: 3 }),
          ),
        ),
        async (write, files, others) => {
          const seed = Object.fromEntries(
            Object.entries(files).map(([path, content]) => [
              path,
              path.endsWith(".json") ? '{\n  "a": 1\n}\n' : content,
            ]),
          );
          const made = await delivery({ write, seed });
          for (const [name, env, number] of others) {
            if (name === "web" && env === "production") continue;
            await made.release(name, env, number).catch(() => {});
          }
          const before = made.tree();
          await made.release("web", "production", 1);
          await made.release("web", "production", 2);
          await made.takeOut("web", "production");
          expect(made.tree()).toEqual(before);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("leaves alone what others wrote into the same files since", async () => {
    const one = await delivery();
    await one.release("web", "production", 1);
    await one.release("api", "production", 1);
    await one.release("web", "production", 2);
    await one.release("api", "production", 2);
    await one.takeOut("web", "production");
    const other = await delivery();
    await other.release("api", "production", 2);
    expect(one.tree()).toEqual(other.tree());
  });

  it.each([["web", "api"] as const, ["api", "web"] as const])(
    "takes a file with it that releases made, when it is the last one in it: first %s, then %s",
    async (first, second) => {
      const made = await delivery();
      const before = made.tree();
      await made.release("web", "production", 1);
      await made.release("api", "production", 1);
      await made.release("web", "production", 2);
      await made.takeOut(first, "production");
      expect(Object.keys(made.tree())).toContain("all.yaml");
      await made.takeOut(second, "production");
      expect(made.tree()).toEqual(before);
      // Also when it came back meanwhile, and the first one is declared no more.
      await made.release(second, "production", 3);
      await made.takeOut(second, "production");
      expect(made.tree()).toEqual(before);
    },
  );

  it("leaves no map or list behind that was made for others that are gone, too, and each that people made", async () => {
    const write = [
      `      - yaml: values.yaml\n        set: { "image.{{ app }}": "{{ version.tag }}", "mine.deep.{{ app }}": x }\n        create: true\n`,
      `      - kustomize: .\n        image: "ghcr.io/acme/{{ app }}:{{ version.tag }}"\n        create: true\n`,
      `      - json: values.json\n        set: { "image.{{ app }}": "{{ version.tag }}" }\n        create: true\n`,
    ];
    const seed = {
      "values.yaml": "# mine\nreplicas: 1\nmine: {}\n",
      "kustomization.yaml": "resources: [a.yaml]\n",
      "values.json": '{ "replicas": 1 }\n',
    };
    for (const order of [
      ["web", "api"],
      ["api", "web"],
    ]) {
      const made = await delivery({ environments: "{ staging: {} }", write, seed });
      const before = made.tree();
      for (const name of ["web", "api"]) await made.release(name, "staging", 1);
      for (const name of order) await made.takeOut(name, "staging");
      expect(made.tree(), order.join()).toEqual(before);
    }
  });

  it("leaves a file that people made, though nothing is left in it", async () => {
    const made = await delivery({ write: [writes[3] as string], seed: { "all.yaml": "# ours\n" } });
    const before = made.tree();
    await made.release("web", "production", 1);
    await made.release("api", "production", 1);
    await made.takeOut("web", "production");
    await made.takeOut("api", "production");
    expect(made.tree()["all.yaml"]).toMatch(/^# ours\n/);
    expect(Object.keys(made.tree())).toEqual(Object.keys(before));
  });

  it("puts back what stood there, and says so", async () => {
    const write = [`      - yaml: a.yaml\n        set: { "{{ app }}.{{ env }}": "{{ version.tag }}" }\n`];
    const seed = { "a.yaml": "web: {production: '0.9'} # w\napi: {production: x}\n" };
    const made = await delivery({ write, seed, environments: "{ production: {} }" });
    await made.release("web", "production", 1);
    await made.release("api", "production", 1);
    const { values } = await made.takeOut("web", "production", { plan: true });
    expect(values).toEqual([
      { path: "a.yaml", selector: "web.production", how: "restored", before: "0.9", why: undefined },
    ]);
    await made.takeOut("web", "production");
    expect(made.tree()["a.yaml"]).toBe("web: {production: '0.9'} # w\napi: {production: 1.1.0}\n");
  });

  it("stays out: its history stays, nothing goes back to it, and it comes back anew", async () => {
    const made = await delivery();
    await made.release("web", "production", 1);
    await pin(
      {
        ...{ app: "web", environment: "production", artifact: undefined, until: undefined, reason: "p", actor: ada },
        request: requestId("pin"),
      },
      made.ports,
    );
    await expect(made.takeOut("web", "production")).rejects.toMatchObject({ code: "remove/pinned", exitCode: 3 });
    const over = { override: ["pin"], request: requestId("once"), repeatable: true };
    await expect(made.takeOut("web", "production", over)).rejects.toMatchObject({ code: "input/reason-missing" });
    const first = await made.takeOut("web", "production", { ...over, reason: "gone" });
    expect(made.record("web", "production")).toMatchObject({
      current: null,
      history: [{ removed: { request: "once", reason: "gone", actor: ada } }],
    });
    expect(made.repository.file(".glu/web/production.pin.json" as never)).toBeUndefined();
    expect(made.repository.log(branch)[0]?.message).toMatch(
      /^Remove web from production\n[\s\S]*Glu-Request: once\n[\s\S]*Glu-Kind: remove\nGlu-Reason: gone\n/,
    );
    expect((await made.takeOut("web", "production")).result).toBe("unchanged");
    const rollback = {
      target: { kind: "steps" as const, count: 1 },
      pin: undefined,
      override: [],
      exact: false,
      directly: false,
    };
    const back = {
      ...{
        environments: ["production"],
        artifact: "latest",
        reason: undefined,
        plan: false,
        overwrite: false,
        set: false,
      },
      ...{
        commitMessage: undefined,
        author: undefined,
        again: false,
        actor: ada,
        request: requestId("back"),
        rollback,
      },
    } as const;
    await expect(promote({ ...back, apps: ["web"] }, made.ports)).rejects.toMatchObject({
      code: "rollback/nothing",
      message: expect.stringContaining("was removed from production by ada"),
    });
    await expect(promote({ ...back, apps: [] }, made.ports)).rejects.toMatchObject({ code: "rollback/nothing" });
    await made.release("web", "production", 1);
    expect(made.record("web", "production")).toMatchObject({
      current: { kind: "promotion" },
      history: [{ removed: {} }],
    });
    const again = await made.takeOut("web", "production", { ...over, reason: "gone" });
    expect(again).toMatchObject({ result: "removed", repeated: true, commit: first.commit });
    expect(made.record("web", "production").current).not.toBeNull();
  });

  it.each([
    ["a policy", "{ staging: {}, production: { policy: { event: push } } }", "remove/would-return"],
    ["what follows upstream", "{ staging: {}, production: { from: staging, auto: upstream } }", "remove/would-return"],
    ["a proposal", "{ staging: {}, production: { propose: true } }", "remove/proposed"],
    [
      "a freeze of the config",
      "{ staging: {}, production: {} }\nfreezes: [{ environments: production, times: [{ start: 2020-01-01, end: 2090-01-01, zone: Europe/Berlin, reason: museum }] }]",
      "remove/frozen",
    ],
    ["the gate actor", "{ staging: {}, production: { gates: [{ actor: { users: [grace] } }] } }", "remove/actor"],
  ])("is refused where %s stands in the way", async (_what, environments, code) => {
    const free = await delivery();
    await free.release("web", "production", 1);
    const strict = await delivery({ environments });
    const ports = { ...free.ports, loadPipeline: strict.ports.loadPipeline };
    const request = {
      ...{ app: appName("web"), environment: envName("production"), reason: undefined, actor: ada, repeatable: false },
      ...{ plan: false, files: false, overwrite: false, override: [], directly: false, author: undefined },
      request: requestId("x"),
    };
    const count = free.repository.count();
    await expect(remove(request, ports)).rejects.toMatchObject({ code, exitCode: 3 });
    expect(free.repository.count()).toBe(count);
  });

  it("is refused while it is frozen, or where a value was changed by hand", async () => {
    const made = await delivery({ write: [writes[3] as string] });
    await made.release("web", "production", 1);
    const by = { actor: ada, request: requestId("f"), until: undefined, reason: "audit" };
    await freeze({ ...by, scope: "all" }, made.ports);
    await expect(made.takeOut("web", "production")).rejects.toMatchObject({ code: "remove/frozen" });
    made.repository.push(branch, { "all.yaml": "web:\n  production: 6.6.6\n" });
    const over = { override: ["freeze"], reason: "now" };
    await expect(made.takeOut("web", "production", over)).rejects.toMatchObject({ code: "remove/changed-by-hand" });
    expect((await made.takeOut("web", "production", { ...over, overwrite: true })).result).toBe("removed");
    expect(made.tree()["all.yaml"]).toBeUndefined();
  });

  it("needs no config: the record alone tells what was written", async () => {
    const made = await delivery();
    const before = made.tree();
    await made.release("web", "production", 1);
    const gone = await made.ports.loadPipeline(await made.ports.repository.open());
    const ports = { ...made.ports, loadPipeline: async () => ({ ...gone, apps: new Map(), environments: new Map() }) };
    const request = {
      ...{ app: appName("web"), environment: envName("production"), reason: undefined, actor: ada, repeatable: false },
      ...{ plan: false, files: false, overwrite: false, override: [], directly: false, author: undefined },
      request: requestId("x"),
    };
    expect((await remove({ ...request, plan: true }, ports)).result).toBe("planned");
    await remove(request, ports);
    expect(made.tree()).toEqual(before);
    await expect(remove({ ...request, app: appName("no") }, ports)).rejects.toMatchObject({
      code: "config/unknown-app",
    });
  });

  it("takes files whole that it alone writes, when that is asked for", async () => {
    const write = [writes[0] as string, writes[3] as string];
    const made = await delivery({ write, seed: { "web/production/values.yaml": "replicas: 3\n" } });
    await made.release("web", "production", 1);
    await made.release("api", "production", 1);
    await made.takeOut("web", "production", { files: true });
    expect(Object.keys(made.tree()).sort()).toEqual(["all.yaml", "api/production/values.yaml", "glu.yaml"]);
    expect(made.tree()["all.yaml"]).toBe("api:\n  production: 1.1.0\n");
  });

  it("that has had more releases than a record holds is taken out to the first", async () => {
    const made = await delivery({ write: [writes[3] as string], seed: { "all.yaml": "web: {production: none}\n" } });
    for (let round = 0; round < 60; round++) await made.release("web", "production", 1 + (round % 3)).catch(silent);
    for (let round = 0; round < 60; round++) await made.release("web", "staging", 1);
    await made.takeOut("web", "production");
    expect(made.tree()["all.yaml"]).toContain("production: none");
  });

  it("that lost its race does it on what is there then", async () => {
    const made = await delivery();
    await made.release("web", "production", 1);
    made.repository.loseNext(2);
    expect((await made.takeOut("web", "production")).result).toBe("removed");
    made.repository.unclearNext(true);
    await made.release("api", "production", 1);
    made.repository.unclearNext(true);
    expect(await made.takeOut("api", "production")).toMatchObject({ result: "removed" });
    expect(made.record("api", "production").current).toBeNull();
  });
});
