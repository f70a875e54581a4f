import { GithubServer } from "@glu/testing/internal";
import { afterEach, expect, test } from "vitest";
import { image, valuesOf, written } from "../delivery.ts";
import { token } from "../forge.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./events.ts";
import { runStep, type Step } from "./job.ts";

let github: GithubServer;
let delivery: Delivery;
afterEach(async () => {
  await delivery[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

/** A config repository on a GitHub whose API stands beside it, and an artifact of `web` that staging takes by itself. */
async function start(): Promise<void> {
  github = await GithubServer.start();
  delivery = await Delivery.start();
  github.repository("acme/config", delivery.config);
  github.token("glu-acme[bot]", {}, token);
  delivery.forge.server.behaviour.beside = { path: "/api", origin: github.apiUrl };
  const given = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };
  const built = await runStep(delivery.appJob(), "build-artifact", given);
  expect(built.exitCode, built.stdout).toBe(0);
  delivery.forge.server.reset();
}

const promote = (given: Record<string, string> = {}, event = dispatch(delivery.tip)): Promise<Step> =>
  runStep(delivery.configJob(event), "promote", { app: "web", ...given });

const notices = (step: Step) => step.commands.filter(({ name }) => name === "notice").map(({ message }) => message);
const costOf = (step: Step) => JSON.parse(step.outputs.decision ?? "").cost;
const pushes = () => delivery.forge.server.requests.filter(({ url }) => url.endsWith("/git-receive-pack"));

test("by the API a promotion is two requests, and a commit that GitHub made", async () => {
  await start();
  const before = delivery.tip;
  const step = await promote({ "commit-via": "api" });
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  expect(step.outputs).toMatchObject({ result: "promoted", commit: delivery.tip });
  expect(costOf(step)).toMatchObject({ way: "api", requests: 2 });
  expect(github.requests.map(({ name }) => name)).toEqual(["POST /graphql", "POST /graphql"]);
  expect(github.violations).toEqual([]);
  expect(pushes()).toEqual([]);
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
  const told = delivery.config.git("log", "-1", "--format=%an|%cn|%P|%(trailers:key=Glu-App,valueonly)", "main");
  expect(told).toBe(`glu-acme[bot]|GitHub|${before}|web\n`);
});

test("the wire, Git and the API leave one tree, and one message", async () => {
  await start();
  const before = delivery.tip;
  const outcomes: string[] = [];
  for (const way of ["auto", "wire", "git", "api"]) {
    delivery.config.git("update-ref", "refs/heads/main", before);
    const step = await promote({ "commit-via": way });
    expect(step.exitCode, step.stdout + step.stderr).toBe(0);
    expect(costOf(step).way).toBe(way === "auto" ? "wire" : way);
    const files = delivery.config.git("ls-tree", "-r", "main").replace(/\S+\t\.glu\//g, "record\t.glu/");
    const record = delivery.file(".glu/web/staging.json").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time");
    outcomes.push([files, record, delivery.config.git("log", "-1", "--format=%B", "main").trimEnd()].join("\n"));
  }
  expect(new Set(outcomes).size).toBe(1);
  expect(github.violations).toEqual([]);
});

test("what the API cannot carry goes by Git, and that is said", async () => {
  await start();
  const step = await promote({ "commit-via": "api", author: "Ada Lovelace <ada@example.org>" });
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  expect(notices(step)).toContainEqual(expect.stringContaining("by Git instead of GitHub's API: it has an author"));
  expect(costOf(step).way).toBe("api, then wire");
  expect(delivery.config.git("log", "-1", "--format=%an", "main")).toBe("Ada Lovelace");
  expect(pushes()).toHaveLength(1);
});

test("where GitHub wants signed commits, they are made by its API without being told to", async () => {
  await start();
  const rule =
    "error: GH013: Repository rule violations found for refs/heads/main.\n\n- Commits must have verified signatures.";
  delivery.config.protect(rule);
  const step = await promote();
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  expect(notices(step)).toContainEqual(expect.stringContaining("takes signed commits only"));
  expect(costOf(step).way).toBe("wire, then api");
  expect(delivery.config.git("log", "-1", "--format=%cn", "main")).toBe("GitHub");
  expect(step.outputs.commit).toBe(delivery.tip);

  const byWire = await promote({ "commit-via": "wire", environment: "production" });
  expect(byWire.exitCode).toBe(2);
  expect(byWire.stdout).toContain("repository/protected");
});

test("where there is no such API, it says what to give instead", async () => {
  await start();
  const gitea = await runStep(delivery.configJob(dispatch(delivery.tip), { gitea: true }), "promote", {
    app: "web",
    "commit-via": "api",
  });
  expect(gitea.exitCode).toBe(2);
  expect(gitea.stdout).toContain("commit-via: api does not write");
  const there = { "config-repository": delivery.config.path, "commit-via": "wire" };
  const file = await promote(there);
  expect(file.exitCode).toBe(2);
  expect(file.stdout).toContain("commit-via: wire speaks HTTP(S)");
});
