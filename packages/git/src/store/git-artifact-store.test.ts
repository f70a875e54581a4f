import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppName } from "@glu/core";
import {
  artifactForTest,
  artifactStoreContract,
  BareFixture,
  GitServer,
  plainGitEnvironment,
  realClock,
  type Seed,
} from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { openArtifactStore } from "./open-artifact-store.ts";

const token = "s3cret";

for (const [name, options] of [
  ["git over HTTP", { http: true, transport: "git" }],
  ["the wire", { http: true, transport: "wire" }],
  ["git in branches of a local SHA-256 repository", { sha256: true, base: "refs/heads/glu/artifacts" }],
] as const) {
  artifactStoreContract(name, async () => {
    const bare = new BareFixture({ seed: { "README.md": "x\n" }, ...options });
    const server = "http" in options ? await GitServer.start(bare.root, { token }) : undefined;
    const temp = mkdtempSync(join(tmpdir(), "glu-temp-"));
    const base = "base" in options ? options.base : "refs/glu/artifacts";
    return {
      open: () =>
        openArtifactStore({
          location: server?.url("config.git") ?? bare.path,
          env: { ...plainGitEnvironment, GLU_TRANSPORT: "transport" in options ? options.transport : "" },
          temp,
          clock: realClock,
          credentials: { token },
          ...("base" in options ? { base: options.base } : {}),
        }),
      fill: async (artifacts) => {
        const files = artifacts.map((each) => [`${each.id}/artifact.json`, JSON.stringify(each)]);
        bare.push("fill", Object.fromEntries(files));
        bare.git("update-ref", `${base}/web`, "refs/heads/fill");
      },
      tamper: async (app, id, change) => {
        const path = `${id}/artifact.json`;
        const artifact = JSON.parse(bare.git("show", `${base}/${app}:${path}`));
        change(artifact);
        bare.git("update-ref", "refs/heads/tampered", `${base}/${app}`);
        bare.push("tampered", { [path]: JSON.stringify(artifact) });
        bare.git("update-ref", `${base}/${app}`, "refs/heads/tampered");
      },
      prunes: true,
      [Symbol.asyncDispose]: async () => {
        await server?.[Symbol.asyncDispose]();
        expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
        bare[Symbol.dispose]();
        expect(readdirSync(temp)).toEqual([]);
        rmSync(temp, { recursive: true });
      },
    };
  });
}

it("an app's artifacts are one chain of commits, and nothing else in the repository moves", async () => {
  using bare = new BareFixture({ seed: { "README.md": "x\n" } });
  const main = bare.git("rev-parse", "main");
  await using store = await openArtifactStore({
    location: bare.path,
    env: plainGitEnvironment,
    temp: bare.root,
    clock: realClock,
  });
  const artifact = artifactForTest(1);
  expect(await store.put(artifact)).toEqual({ kind: "stored", ref: `refs/glu/artifacts/web:${artifact.id}` });
  await store.put(artifactForTest(2));
  await store.put(artifactForTest(2));
  expect(bare.git("log", "--format=%s", "refs/glu/artifacts/web").split("\n")).toEqual([
    `Add web ${artifactForTest(2).id}`,
    `Add web ${artifact.id}`,
  ]);
  expect(bare.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")).toBe(`refs/heads/main ${main}`);
  expect(JSON.parse(bare.git("show", `refs/glu/artifacts/web:${artifact.id}/artifact.json`))).toEqual(artifact);
});

it.each([
  ["git", 3, 1],
  ["wire", 2, 1],
] as const)("reads many artifacts and their items in few requests by the %s", async (way, list, read) => {
  using bare = new BareFixture({ seed: { "README.md": "x\n" } });
  await using server = await GitServer.start(bare.root);
  const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
  const options = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
  await using writer = await openArtifactStore(options);
  for (const number of [1, 2, 3]) {
    await writer.put(artifactForTest(number));
    await writer.addItem("web" as AppName, artifactForTest(number).id as never, { name: "x" });
  }
  await using store = await openArtifactStore(options);
  server.reset();
  const ids = await store.ids("web" as AppName);
  expect(server.requests).toHaveLength(list);
  server.reset();
  expect((await store.read("web" as AppName, ids)).size).toBe(3);
  expect(server.requests.filter(({ method, url }) => method === "POST" && url.endsWith("upload-pack"))).toHaveLength(
    read,
  );
});

const appsOf = (count: number) => Array.from({ length: count }, (_, index) => `app-${index}` as AppName);

/** Artifacts of many apps in one repository, each chain as it is after some writes. */
function fillApps(bare: BareFixture, apps: readonly AppName[]): void {
  for (const [index, app] of apps.entries()) {
    const artifacts = [1, 2].map((number) => artifactForTest(number + index, { app }));
    bare.push(app, Object.fromEntries(artifacts.map((one) => [`${one.id}/artifact.json`, JSON.stringify(one)])));
    bare.git("update-ref", `refs/glu/artifacts/${app}`, `refs/heads/${app}`);
    bare.git("update-ref", "-d", `refs/heads/${app}`);
  }
}

describe.each([
  // A list of refs, commits with their roots, and all below.
  ["wire", 3],
  // Two commands, each of which looks at the server first.
  ["git", 4],
] as const)("of expected apps by the %s", (way, requests) => {
  it.each([2, 20])("all artifacts come in as few requests, of %i apps", async (count) => {
    using bare = new BareFixture({ seed: { "README.md": "x\n" } });
    await using server = await GitServer.start(bare.root);
    const apps = appsOf(count);
    fillApps(bare, apps);
    const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
    const options = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
    await using store = await openArtifactStore(options);
    server.reset();
    await store.expect([...apps, "none" as AppName]);
    expect(await store.ids("none" as AppName)).toEqual([]);
    for (const app of apps) expect((await store.read(app, await store.ids(app))).size).toBe(2);
    expect(server.requests).toHaveLength(requests);
  });

  it("one whose ref is no commit, and one whose objects are lost, stop none of the others", async () => {
    using bare = new BareFixture({ seed: { "README.md": "x\n" } });
    await using server = await GitServer.start(bare.root);
    const [lost, blob, ...sound] = appsOf(5) as [AppName, AppName, ...AppName[]];
    fillApps(bare, [lost, ...sound]);
    bare.git("update-ref", `refs/glu/artifacts/${blob}`, bare.git("rev-parse", "main:README.md"));
    const artifact = bare.git("ls-tree", "-r", "--format=%(objectname)", `refs/glu/artifacts/${lost}`).split("\n")[0];
    rmSync(join(bare.path, "objects", artifact!.slice(0, 2), artifact!.slice(2)), { force: true });
    const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
    const options = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
    await using store = await openArtifactStore(options);
    await store.expect([blob, lost, ...sound]);
    await expect(store.ids(blob)).rejects.toMatchObject({ code: expect.stringMatching(/^repository\//) });
    await expect(store.ids(lost).then((ids) => store.read(lost, ids))).rejects.toMatchObject({
      code: expect.stringMatching(/^repository\//),
    });
    for (const app of sound) expect((await store.read(app, await store.ids(app))).size).toBe(2);
  });
});

it("stores once when a server fails for a while and an answer gets lost", async () => {
  using bare = new BareFixture({ seed: { "README.md": "x\n" } });
  await using server = await GitServer.start(bare.root, { failWith: 503, dropAnswers: 1 });
  const waits: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    server.behaviour.failWith = undefined;
  };
  await using store = await openArtifactStore({
    location: server.url("config.git"),
    env: plainGitEnvironment,
    temp: bare.root,
    clock: { ...realClock, sleep },
  });
  expect(await store.put(artifactForTest(1))).toMatchObject({ kind: "stored" });
  expect(waits).toHaveLength(1);
  expect(bare.git("rev-list", "--count", "refs/glu/artifacts/web")).toBe("1");
});

const item = JSON.stringify({ name: "a" });
const link = { kind: "symlink", content: Buffer.from("../artifact.json") } as const;
describe.each(["git", "wire"])("by the %s", (way) => {
  it.each<[string, Seed[string]]>([
    ["items", "{}"],
    ["items/a.json/b", item],
    ["items/a.json", link],
    ["items", link],
  ])("is malformed, not incomplete and not without it, when %s is in it as %j", async (path, content) => {
    using bare = new BareFixture({ seed: { "README.md": "x\n" } });
    await using server = await GitServer.start(bare.root);
    const artifact = artifactForTest(1);
    const files: Seed = {
      [`${artifact.id}/artifact.json`]: JSON.stringify(artifact),
      [`${artifact.id}/${path}`]: content,
    };
    bare.push("fill", files);
    bare.git("update-ref", "refs/glu/artifacts/web", "refs/heads/fill");
    const env = { ...plainGitEnvironment, GLU_TRANSPORT: way };
    const options = { location: server.url("config.git"), env, temp: bare.root, clock: realClock };
    await using store = await openArtifactStore(options);
    await expect(store.read("web" as AppName, [artifact.id as never])).rejects.toMatchObject({
      code: "artifact/malformed",
    });
  });
});
