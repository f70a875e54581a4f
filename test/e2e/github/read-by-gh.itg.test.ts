import { isSealed, type Sha } from "@glu/core";
import { GithubCli, GithubServer } from "@glu/testing/internal";
import { afterEach, beforeEach, expect, test } from "vitest";
import { config, image, valuesOf, written } from "../../contract/delivery.ts";
import { token } from "../../contract/forge.ts";
import { Delivery } from "../../contract/github/delivery.ts";
import { dispatch } from "../../contract/github/events.ts";
import { runStep } from "../../contract/github/job.ts";

// The strict GitHub is ours; who reads it here is not.
let github: GithubServer;
let delivery: Delivery;
let gh: GithubCli;

const proposing = config.replace("    policy: {", "    propose: { labels: [glu] }\n    policy: {");

beforeEach(async () => {
  github = await GithubServer.start();
  delivery = await Delivery.start({ files: { "glu.yaml": proposing } });
  github.repository("acme/config", delivery.config);
  github.token("glu-acme[bot]", {}, token);
  delivery.forge.server.behaviour.beside = { path: "/api", origin: github.apiUrl };
  gh = await GithubCli.for(github, github.token("ada"));
  const given = { app: "web", image: image("1.1.0", "b"), "config-repository": "acme/config" };
  const built = await runStep(delivery.appJob(), "build-artifact", given);
  expect(built.exitCode, built.stdout).toBe(0);
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  gh?.[Symbol.dispose]();
  await delivery[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

let runId = 500;
const promote = async (way: string) => {
  const job = delivery.configJob(dispatch(delivery.tip), { runId: runId++ });
  const step = await runStep(job, "promote", { app: "web", "commit-via": way });
  expect(step.exitCode, step.stdout + step.stderr).toBe(0);
  return step;
};

test.each([
  ["wire", "squash"],
  ["api", "merge"],
  ["wire", "rebase"],
])("gh reads a proposal that was written by %s, from its opening to its merge (%s)", async (way, method) => {
  const step = await promote(way);
  expect(step.outputs).toMatchObject({ result: "proposed", "pull-request-number": "1" });
  const before = delivery.tip;

  const fields = "number,title,state,headRefName,baseRefName,isDraft";
  const [listed] = (await gh.json("pr", "list", "-R", "acme/config", "--json", fields)) as Record<string, string>[];
  expect(listed).toMatchObject({ number: 1, state: "OPEN", baseRefName: "main", isDraft: false });

  const all = "author,body,commits,files,headRefOid,labels,state,title,mergedAt,mergeCommit,url";
  const view = () => gh.json("pr", "view", "1", "-R", "acme/config", "--json", all) as Promise<Record<string, unknown>>;
  const open = await view();
  const branch = `refs/heads/${listed?.headRefName}`;
  expect(open).toMatchObject({
    author: { is_bot: true, login: "app/glu-acme" },
    headRefOid: delivery.config.git("rev-parse", branch),
    labels: [{ name: "glu" }],
    title: listed?.title,
    url: step.outputs["pull-request-url"],
    mergedAt: null,
  });
  const files = (open.files as { path: string }[]).map(({ path }) => path);
  expect(files.sort()).toEqual([".glu/web/staging.json", valuesOf("web", "staging")]);
  const [commit] = open.commits as { messageHeadline: string; messageBody: string; oid: string }[];
  expect(open.commits).toHaveLength(1);
  expect(commit?.messageBody).toMatch(/^Glu-App: web$/m);
  expect(commit?.messageBody).toMatch(/^Glu-Seal: [0-9a-f]{64}$/m);
  const tree = delivery.config.git("rev-parse", `${branch}^{tree}`) as Sha;
  const [name = "", email = ""] = delivery.config.git("log", "-1", "--format=%an%n%ae", branch).split("\n");
  expect(isSealed(`${commit?.messageHeadline}\n\n${commit?.messageBody}`, tree, { name, email })).toBe(true);
  expect(delivery.config.git("rev-parse", `${branch}^`)).toBe(before);
  expect(await gh.run("pr", "view", "1", "-R", "acme/config")).toContain(listed?.title);

  // What it is marked with, and that it may be merged.
  const checks = await gh.json("pr", "checks", "1", "-R", "acme/config", "--json", "name,state,bucket,description");
  expect(checks).toMatchObject([{ name: "glu/staging", state: "SUCCESS", bucket: "pass" }]);
  const may = await gh.json("pr", "view", "1", "-R", "acme/config", "--json", "mergeable,statusCheckRollup");
  expect(may).toMatchObject({
    mergeable: "MERGEABLE",
    statusCheckRollup: [{ context: "glu/staging", state: "SUCCESS" }],
  });

  await gh.run("api", "-X", "PUT", "repos/acme/config/pulls/1/merge", "-f", `merge_method=${method}`);
  expect(await view()).toMatchObject({ state: "MERGED", mergeCommit: { oid: delivery.tip } });
  expect(delivery.file(valuesOf("web", "staging"))).toBe(written("1.1.0", "b"));
  expect((await promote(way)).outputs).toMatchObject({ result: "unchanged" });
});

test("gh reads that a proposal conflicts, which GitHub does not merge", async () => {
  await promote("wire");
  delivery.config.push("main", { [valuesOf("web", "staging")]: "image: { tag: by-hand }\n" });
  const mergeable = await gh.json("pr", "view", "1", "-R", "acme/config", "--json", "mergeable");
  expect(mergeable).toEqual({ mergeable: "CONFLICTING" });
  const merge = gh.run("api", "-X", "PUT", "repos/acme/config/pulls/1/merge");
  await expect(merge).rejects.toThrow("merge conflicts");
});

test("gh reads the deployment of a release", async () => {
  const notifying = config.replace(
    "    policy: {",
    "    notify: { deployment: { success: committed } }\n    policy: {",
  );
  delivery.config.push("main", { "glu.yaml": notifying });
  await promote("wire");
  const deployments = await gh.json("api", "repos/acme/config/deployments");
  expect(deployments).toMatchObject([{ environment: "staging/web", sha: delivery.tip }]);
});

test("gh reads a commit that was made by the API as Git does", async () => {
  delivery.config.push("main", { "glu.yaml": config });
  await promote("api");
  const query = `{ repository(owner: "acme", name: "config") { ref(qualifiedName: "refs/heads/main") { target {
    oid ... on Commit { message author { name } tree { oid } parents(first: 5) { nodes { oid } } }
  } } } }`;
  expect(await gh.json("api", "graphql", "-f", `query=${query}`, "--jq", ".data.repository.ref.target")).toEqual({
    oid: delivery.tip,
    message: delivery.config.git("log", "-1", "--format=%B", "main").trimEnd(),
    author: { name: "glu-acme[bot]" },
    tree: { oid: delivery.config.git("rev-parse", "main^{tree}") },
    parents: { nodes: [{ oid: delivery.config.git("rev-parse", "main^") }] },
  });
});
