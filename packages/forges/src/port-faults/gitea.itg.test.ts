import { setTimeout as wait } from "node:timers/promises";
import { type RefName, shortRef } from "@glu/core";
import { FakeClock, GiteaServer, type GiteaUser } from "@glu/testing/internal";
import { afterAll, beforeAll } from "vitest";
import type { FaultWorld } from "../../test/port-fault-scenarios.ts";
import { portFaults } from "../../test/port-faults.ts";

// The real Gitea: one server, and a repository for each world. What a call meets stands between it and the server, so
// that what is done all the same is done by Gitea.
let gitea: GiteaServer;
const people = new Map<string, GiteaUser>();
let worlds = 0;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  for (const name of ["glu", "ada", "bob"]) people.set(name, await gitea.user(name));
  await as("glu", "POST", "/orgs", { username: "acme", visibility: "public" });
  const team = { name: "ops", permission: "read", units: ["repo.code"] };
  const { id } = await as<{ id: number }>("glu", "POST", "/orgs/acme/teams", team);
  await as("glu", "PUT", `/teams/${id}/members/ada`);
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

function as<T = unknown>(name: string, method: string, path: string, body?: unknown): Promise<T> {
  const user = people.get(name);
  if (user === undefined) throw new Error(`There is no ${name}.`);
  return gitea.api<T>(user, method, path, body);
}

/** Its time goes by at once, but for the moments in which Gitea finds out whether something can be merged. */
class ShortClock extends FakeClock {
  override async sleep(milliseconds: number): Promise<void> {
    await super.sleep(milliseconds);
    await wait(milliseconds > 1_000 ? 0 : milliseconds);
  }
}

interface Pull {
  number: number;
  state: string;
  merged: boolean;
  title: string;
  labels: { name: string }[] | null;
  requested_reviewers: { login: string }[] | null;
  assignees: { login: string }[] | null;
  head: { label: string; sha: string };
}

const workflow = "on: workflow_dispatch\njobs: { job: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }\n";

async function start(): Promise<FaultWorld> {
  const [ada, glu] = [people.get("ada"), people.get("glu")];
  if (ada === undefined || glu === undefined) throw new Error("Nobody is there.");
  const name = `web-${++worlds}`;
  const at = `/repos/ada/${name}`;
  await gitea.repository(ada, name, { "README.md": "Web\n", ".gitea/workflows/promote.yml": workflow });
  for (const person of ["glu", "bob"]) await as("ada", "PUT", `${at}/collaborators/${person}`, { permission: "write" });
  const rule = { rule_name: "main", enable_push: true, enable_status_check: true, status_check_contexts: ["required"] };
  await as("ada", "POST", `${at}/branch_protections`, rule);
  await as("ada", "POST", `${at}/actions/workflows/promote.yml/dispatches`, { ref: "main" });
  const { workflow_runs: runs } = await as<{ workflow_runs: { id: number }[] }>("ada", "GET", `${at}/actions/runs`);
  let count = 0;
  const commitTo = async (to: { branch: string; new_branch?: string }): Promise<string> => {
    const files = [{ operation: "create", path: `file-${++count}`, content: Buffer.from("x").toString("base64") }];
    const change = { ...to, message: "A change", files };
    return (await as<{ commit: { sha: string } }>("ada", "POST", `${at}/contents`, change)).commit.sha;
  };
  const pass = (commit: string, context: string) =>
    as("ada", "POST", `${at}/statuses/${commit}`, { context, state: "success" });
  const branch = async () => {
    // Whoever proposes with a label makes it.
    const labels = await as<{ id: number }[]>("ada", "GET", `${at}/labels`);
    for (const { id } of labels) await as("ada", "DELETE", `${at}/labels/${id}`);
    const name = `refs/heads/glu/production/web-${++count}` as RefName;
    return { name, head: await commitTo({ branch: "main", new_branch: shortRef(name) }) };
  };
  const comments = async (number: number) =>
    (await as<{ body: string }[]>("ada", "GET", `${at}/issues/${number}/comments`)).map(({ body }) => body);
  /** Only what has happened tells whether it waits to be merged. */
  const autoMerge = async (number: number): Promise<boolean> => {
    const timeline = await as<{ type: string }[]>("ada", "GET", `${at}/issues/${number}/timeline?limit=50`);
    return timeline.findLast(({ type }) => /_scheduled_merge$/.test(type))?.type === "pull_scheduled_merge";
  };
  let builds = false;
  return {
    asking: {
      forge: "gitea",
      apiUrl: gitea.apiUrl,
      webUrl: `${gitea.origin}/ada/${name}`,
      repository: `ada/${name}`,
      token: glu.token,
      clock: new ShortClock(),
      limits: { attempts: 2, base: 1, longest: 60_000 },
    },
    run: { run: String(runs[0]?.id) },
    branch: async () => ({ branch: (await branch()).name, base: "refs/heads/main" as RefName }),
    proposed: async (place) => {
      const pulls = await as<Pull[]>("ada", "GET", `${at}/pulls?state=all&limit=50`);
      const own = pulls.filter(({ head }) => head.label === shortRef(place.branch));
      return Promise.all(
        own.map(async ({ number, merged, state, title, labels, requested_reviewers: reviewers, assignees }) => ({
          state: merged ? "merged" : state,
          title,
          labels: (labels ?? []).map(({ name }) => name),
          reviewers: (reviewers ?? []).map(({ login }) => login),
          assignees: (assignees ?? []).map(({ login }) => login),
          comments: await comments(number),
          autoMerge: await autoMerge(number),
        })),
      );
    },
    commit: async () => {
      const commit = await commitTo(builds ? { branch: "builds" } : { branch: "main", new_branch: "builds" });
      builds = true;
      await pass(commit, "ci");
      return commit;
    },
    change: async () => {
      const { name, head } = await branch();
      const place = { head: shortRef(name), base: "main", title: "A change" };
      const { number } = await as<{ number: number }>("ada", "POST", `${at}/pulls`, place);
      await as("bob", "POST", `${at}/pulls/${number}/reviews`, { event: "APPROVED", body: "Well." });
      return { number, head };
    },
    merge: async (number) => {
      const { head } = await as<Pull>("ada", "GET", `${at}/pulls/${number}`);
      await pass(head.sha, "required");
      await as("ada", "POST", `${at}/pulls/${number}/merge`, { Do: "squash" });
      return (await as<{ merge_commit_sha: string }>("ada", "GET", `${at}/pulls/${number}`)).merge_commit_sha;
    },
    statuses: async (commit) =>
      (await as<{ context: string; status: string }[]>("ada", "GET", `${at}/commits/${commit}/statuses?limit=50`))
        .filter(({ context }) => context === "glu/production")
        .map(({ status }) => status),
    deployments: async () => [],
    comments: async (number) => (await comments(number)).map((body) => body.split("\n")[0] ?? ""),
    heard: () => [],
    [Symbol.asyncDispose]: async () => {},
  };
}

portFaults("a real Gitea", start, {
  lacks: ["deployments.tell", "previewDeployments.settle", "approvals.ofRun"],
  // That is how it says that somebody is no member, and that a commit came by no pull request: then nobody is known to
  // have written it, and nobody's approval counts.
  except: {
    "actors.isIn": ["404"],
    "comments.pullsOf": ["404"],
    "approvals.ofSource": ["404"],
    "approvals.authors": ["404"],
  },
  every: 10,
});
