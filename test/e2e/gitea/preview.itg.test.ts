import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type GiteaUser, RegistryServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { example } from "../acme/files.ts";
import { makeWorkingTree } from "../delivery.ts";
import { root, Sandbox } from "../sandbox.ts";
import { AcmeOnGitea } from "./acme-on-gitea.ts";

// The example on a real Gitea with its real runner. The docker of the runner is a stand-in; the registry is on loopback.
const sandbox = new Sandbox();
let on: AcmeOnGitea;
let registry: RegistryServer;
let bob: GiteaUser;

const workflow = "preview.yml";
const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  frontend:
    repository: acme/frontend
    preview: { template: preview }
    write: [{ yaml: web.yaml, set: { image.tag: "{{ images.web.tag }}" } }]
`;
const template = 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { sha: "{{ pull.sha }}" }\n';

beforeAll(async () => {
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  vi.stubEnv("PATH", sandbox.environment.PATH);
  on = await AcmeOnGitea.start(sandbox, ["preview-up", "preview-down"]);
  registry = await RegistryServer.start();
  const { server } = on;
  const action = readFileSync(join(root, "test/e2e/fixtures/checkout/action.yml"), "utf8");
  const checkout = await makeWorkingTree(sandbox, "checkout", { "action.yml": action });
  await on.publish(await server.user("actions"), "checkout", checkout);
  // With no more than what the head of the example says.
  const bot = await server.user("previews-bot", { scopes: "write:repository,write:issue,read:user" });
  bob = await server.user("bob");
  await server.repository(on.acme, "previews", { "glu.yaml": config, "preview/web.yaml": template });
  await on.api("PUT", "previews", "/collaborators/previews-bot", { permission: "write" });
  await server.repository(on.acme, "frontend", { Dockerfile: "FROM scratch\n" });
  await on.api("PUT", "frontend", "/collaborators/previews-bot", { permission: "admin" });
  await on.api("POST", "frontend", "/actions/variables/REGISTRY_USER", { value: "acme" });
  await on.api("PUT", "frontend", "/actions/secrets/REGISTRY_TOKEN", { data: "registry-token" });
  await on.api("PUT", "frontend", "/actions/secrets/PREVIEWS_TOKEN", { data: bot.token });
  const text = example("gitea/preview.yml")
    .replace(/(actions\/checkout)@[0-9a-f]{40} # v.*/g, "$1@v1")
    .replaceAll("https://github.com/", `${server.origin}/`)
    .replaceAll("gitea.example.com/acme", `${registry.host}/acme`)
    .replaceAll("login gitea.example.com", `login ${registry.host}`);
  await on.add("frontend", { [`.gitea/workflows/${workflow}`]: text });
  await server.runner();
}, 300_000);
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
  vi.unstubAllEnvs();
});

/** Waits for the run of an event, however it ends. @returns how, and the logs of its jobs */
async function runOf(event: string, number: number): Promise<{ conclusion: string; log: string }> {
  for (let tries = 0; tries < 300; tries++) {
    const run = (await on.runs("frontend", workflow, { event }))[number - 1];
    if (run?.status === "completed") {
      const log = await on.runOf("frontend", workflow, { event }, number).catch((error: Error) => error.message);
      return { conclusion: run.conclusion, log };
    }
    await sleep(200);
  }
  const runs = JSON.stringify((await on.runs("frontend", workflow)).map((run) => [run.event, run.status]));
  throw new Error(`The run did not end: ${runs} ${on.server.log("runner").slice(-3000)}`);
}

/** The commit that runs in the preview of a pull request. */
async function running(number: number): Promise<string | undefined> {
  const at = `/contents/previews/frontend/pr-${number}/web.yaml`;
  const file = await on.api<{ content: string }>("GET", "previews", at).catch(() => undefined);
  return /sha: "(\w+)"/.exec(Buffer.from(file?.content ?? "", "base64").toString("utf8"))?.[1];
}

it("a pull request gets a preview, comments of those who may write command it, and it goes when it is closed", async () => {
  await on.api("POST", "frontend", "/branches", { new_branch_name: "change", old_branch_name: "main" });
  await on.add("frontend", { "a.txt": "x\n" }, "change");
  const head = await on.tipOf("frontend", "change");
  // The stand-in of docker pushes nothing.
  registry.push("acme/frontend", head);
  const opened = await on.api<{ number: number }>("POST", "frontend", "/pulls", {
    ...{ head: "change", base: "main", title: "A change" },
  });
  const { number } = opened;
  const up = await runOf("pull_request", 1);
  expect(up.conclusion, up.log).toBe("success");
  expect(await running(number), up.log).toBe(head);
  let commented = 0;
  const comment = async (by: GiteaUser, body: string) => {
    await on.server.api(by, "POST", `/repos/acme/frontend/issues/${number}/comments`, { body });
    // So Gitea calls that event in its list of runs. Comments of Glu start runs as well, whose jobs are skipped.
    for (;;) {
      const run = await runOf("pull_request_comment", ++commented);
      if (run.conclusion !== "skipped") return run;
    }
  };
  const reactions = async () => {
    const all = await on.api<{ id: number; user: { login: string } }[]>(
      "GET",
      "frontend",
      `/issues/${number}/comments`,
    );
    const said = all.filter(({ user }) => user.login === "acme" || user.login === "bob");
    const of = ({ id }: { id: number }) =>
      on.api<{ content: string }[] | null>("GET", "frontend", `/issues/comments/${id}/reactions`);
    return (await Promise.all(said.map(of))).map((each) => (each ?? []).map(({ content }) => content));
  };

  const refused = await comment(bob, "/preview down");
  expect(refused.conclusion, refused.log).toBe("failure");
  expect(refused.log).toContain("bob may not write");
  expect(await running(number)).toBe(head);
  const down = await comment(on.acme, "/preview down");
  expect(down.conclusion, down.log).toBe("success");
  expect(await running(number), down.log).toBeUndefined();
  const again = await comment(on.acme, "/preview up");
  expect(again.conclusion, again.log).toBe("success");
  expect(await running(number), again.log).toBe(head);
  expect(await reactions()).toEqual([["-1"], ["rocket"], ["rocket"]]);

  await on.api("PATCH", "frontend", `/pulls/${number}`, { state: "closed" });
  const closed = await runOf("pull_request", 2);
  expect(closed.conclusion, closed.log).toBe("success");
  expect(await running(number), closed.log).toBeUndefined();
}, 300_000);
