import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCallerConfig } from "@glu/git";
import { readCiContext } from "@glu/hosts";
import { BareFixture, GitServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { connectConfig } from "./connect.ts";
import { Repositories } from "./repositories.ts";

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), "glu-connect-"));
});
afterEach(() => rmSync(temp, { recursive: true, force: true }));

/** Surroundings whose waits mend the server after so many. */
function surroundingsOf(mend: () => void, waitsUntilMended: number): Surroundings {
  const env = { PATH: process.env.PATH, HOME: temp };
  let waits = 0;
  const clock = {
    now: () => Date.now(),
    random: () => 0.5,
    sleep: async () => {
      waits += 1;
      if (waits === waitsUntilMended) mend();
    },
  };
  const silent = () => {};
  return {
    env,
    temp,
    cwd: temp,
    callerConfig: openCallerConfig({ env, cwd: temp }),
    clock,
    context: readCiContext(env, () => undefined),
    logger: { debug: silent, progress: silent, info: silent, notice: silent, warning: silent },
    redact: (text) => text,
    mask: () => {},
  };
}

it.each([
  ["its default branch is asked for", undefined],
  ["its tip is read", "refs/heads/main"],
])("a server that is out of order for a moment when %s is asked again", async (_when, ref) => {
  using bare = new BareFixture({ seed: { a: "1" }, branch: "main" });
  await using server = await GitServer.start(bare.root, { failWith: 503 });
  const mend = () => {
    server.behaviour.failWith = undefined;
  };
  const surroundings = surroundingsOf(mend, 2);
  await using repositories = new Repositories(surroundings, { source: "none", value: undefined } as never);
  const configRepository = server.url(bare.path.slice(bare.root.length + 1));
  const { repository } = await connectConfig({ configRepository, ref: ref as never, config: undefined }, repositories);
  expect((await repository.open()).branch).toBe("refs/heads/main");
});

it("a server that stays out of order is an error of the outside", async () => {
  using bare = new BareFixture({ seed: { a: "1" } });
  await using server = await GitServer.start(bare.root, { failWith: 503 });
  const surroundings = surroundingsOf(() => {}, 0);
  await using repositories = new Repositories(surroundings, { source: "none", value: undefined } as never);
  const configRepository = server.url(bare.path.slice(bare.root.length + 1));
  const { repository } = await connectConfig({ configRepository, ref: undefined, config: undefined }, repositories);
  await expect(repository.open()).rejects.toMatchObject({ code: "repository/unreachable", exitCode: 4 });
  expect(server.requests).toHaveLength(4);
});

it("one place under several names is one repository", async () => {
  const environments = [
    "{}",
    "{ ref: main }",
    "{ ref: live }",
    "{ repository: REPO, ref: live }",
    "{ repository: REPO }",
  ];
  using bare = new BareFixture({ branch: "main" });
  await using server = await GitServer.start(bare.root, {});
  const configRepository = server.url(bare.path.slice(bare.root.length + 1));
  const lines = environments.map((text, index) => `  e${index}: ${text.replace("REPO", `'${configRepository}'`)}`);
  bare.push("main", {
    "glu.yaml": `version: 1\nenvironments:\n${lines.join("\n")}\napps:\n  web: { write: [{ json: a.json, set: { a: b } }] }\n`,
  });
  await using repositories = new Repositories(
    surroundingsOf(() => {}, 0),
    { source: "none", value: undefined } as never,
  );
  const { repository, loadPipeline, repositoryOf } = await connectConfig(
    { configRepository, ref: undefined, config: undefined },
    repositories,
  );
  const pipeline = await loadPipeline(await repository.open());
  const [e0, e1, e2, e3, e4] = [...pipeline.environments.values()].map(repositoryOf);
  expect([e0, e1, e4].every((one) => one === repository)).toBe(true);
  expect(e2).not.toBe(repository);
  expect(e3).toBe(e2);
});
