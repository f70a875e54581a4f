import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { git } from "../process.ts";
import { Sandbox } from "../sandbox.ts";
import { runWorkflow } from "./workflow.ts";

const hello = join(import.meta.dirname, "../fixtures/hello-action");

const workflow = `
on:
  workflow_dispatch:
    inputs: { who: { type: string, required: true } }
jobs:
  greet:
    runs-on: ubuntu-latest
    outputs: { greeting: "\${{ steps.local.outputs.greeting }}" }
    steps:
      - uses: actions/checkout@v6 # act itself copies the working tree
      - uses: ./hello
        id: local
        with: { who: "\${{ inputs.who }}" }
        env: { TOKEN: "\${{ secrets.TOKEN }}" }
      - uses: glu/hello@v1
        id: published
        with: { who: "\${{ github.event.sender.login }}" }
  after:
    needs: greet
    runs-on: ubuntu-latest
    steps:
      - id: echo
        run: echo "$GREETING"
        env: { GREETING: "\${{ needs.greet.outputs.greeting }}" }
`;

let sandbox: Sandbox;
let repository: string;

beforeEach(async () => {
  sandbox = new Sandbox();
  repository = sandbox.makeFolder("deployments");
  const running = { cwd: repository, env: sandbox.environment };
  mkdirSync(join(repository, ".github/workflows"), { recursive: true });
  writeFileSync(join(repository, ".github/workflows/greet.yml"), workflow);
  cpSync(hello, join(repository, "hello"), { recursive: true });
  await git(running, "init", "-q", "-b", "main");
  await git(running, "remote", "add", "origin", "https://github.com/acme/deployments");
  await git(running, "add", "-A");
  await git(running, "commit", "-q", "-m", "Start");
});
afterEach(() => sandbox[Symbol.dispose]());

const request = (who: string) => ({
  repository,
  event: "workflow_dispatch",
  payload: { inputs: { who }, sender: { login: "ada" } },
  actions: { "glu/hello@v1": hello },
  secrets: { TOKEN: "top secret" },
});

test("a local action and a published one run on Node 24 or newer, with outputs, summary and masked secrets", async () => {
  const run = await runWorkflow(sandbox, request("bob"));

  expect(run.jobs, run.log).toEqual({ greet: "success", after: "success" });
  expect(run.exitCode).toBe(0);
  const [, local, published, echo] = run.steps;
  expect(local).toMatchObject({ id: "local", outputs: { greeting: "hello bob" }, summary: "# hello bob\n" });
  expect(local?.log).toMatch(/^node (2[4-9]|[3-9]\d)\..* repository acme\/deployments actor ada token \*\*\*\n$/);
  expect(published).toMatchObject({ id: "published", result: "success", outputs: { greeting: "hello ada" } });
  expect(echo).toMatchObject({ job: "after", id: "echo", log: "hello bob\n" });
});

test("an action that ends with another code than 0 fails the job, and jobs that need it do not run", async () => {
  const run = await runWorkflow(sandbox, request("nobody"));

  expect(run.exitCode).toBe(1);
  expect(run.jobs).toEqual({ greet: "failure" });
  expect(run.steps.at(-1)).toMatchObject({ id: "local", result: "failure", summary: "# hello nobody\n" });
});
