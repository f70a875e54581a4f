import type { Proposals, RefName, RunKey, WorkflowTarget } from "@glu/core";
import { FakeClock, type FaultSubject, faultsContract } from "@glu/testing/internal";
import { afterAll, expect } from "vitest";
import { type Answer, type Call, FakeServer, type Json } from "../test/fake-server.ts";
import type { Asking } from "./asking.ts";
import { createProposals } from "./proposals/create-proposals.ts";
import { createReleases } from "./releases.ts";
import { createRequests } from "./requests.ts";
import type { ForgeName } from "./target.ts";
import { createWorkflowRunner } from "./workflows/create-workflow-runner.ts";

// Small servers in memory, one for each subject: what they take and answer is judged by the suites of each forge.
const token = "secret-token";
const never = new AbortController().signal;
const limits = { attempts: 2, base: 10, longest: 60_000 };
const servers: FakeServer[] = [];
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
});

async function serve(answer: (route: string, call: Call) => Answer | undefined): Promise<FakeServer> {
  const server = await FakeServer.start(
    (call) => answer(`${call.method} ${call.path}`, call) ?? { status: 404, body: {} },
  );
  servers.push(server);
  return server;
}
const asking = (
  forge: ForgeName,
  { url }: FakeServer,
  fetch: typeof globalThis.fetch,
): Asking & { serverUrl: string } => ({
  forge,
  apiUrl: url,
  serverUrl: url,
  repository: "acme/config",
  token,
  clock: new FakeClock(),
  limits,
  fetch,
});
const ok = (body: unknown, status = 200): Answer => ({ status, body });

// --- Closing with a comment -------------------------------------------------------------------------------------------
const place = { branch: "refs/heads/glu/production/web" as RefName, base: "refs/heads/main" as RefName };
const why = "Replaced by a newer one.";
const close = async (proposals: Proposals): Promise<void> => {
  for (const one of await proposals.of(place)) if (one.state === "open") await proposals.close(one.number, why);
};

interface Closing {
  state: string;
  comments: Json[];
}
/** GitHub and Gitea say it in the same words. */
function closingOn({ state, comments }: Closing, me: string) {
  const pull = {
    number: 1,
    html_url: "https://forge.example/pulls/1",
    state,
    title: "Promote web",
    body: "The plan.",
    user: { login: me },
    head: { ref: "glu/production/web", sha: "a".repeat(40), repo: { full_name: "acme/config" } },
    base: { ref: "main" },
  };
  return { pull, comments };
}
const closingServer = (seen: Closing, me: string) =>
  serve((route, { body }) => {
    const { pull } = closingOn(seen, me);
    if (route === "POST /graphql") return ok({ data: { viewer: { login: me } } });
    if (route === "GET /user") return ok({ id: 7, login: me });
    if (route === "GET /repos/acme/config/pulls") return ok([pull]);
    if (route === "GET /repos/acme/config/issues/1/comments") return ok(seen.comments);
    if (route === "POST /repos/acme/config/issues/1/comments") {
      const said = { id: seen.comments.length + 1, user: { login: me }, body: body.body };
      seen.comments.push(said);
      return ok(said, 201);
    }
    if (route === "GET /repos/acme/config/pulls/1") return ok(pull);
    if (route !== "PATCH /repos/acme/config/pulls/1") return undefined;
    seen.state = String(body.state);
    return ok({ ...pull, state: seen.state });
  });
for (const forge of ["github", "gitea"] as const) {
  faultsContract(`the closing of a proposal on ${forge}`, {
    token,
    create: async (): Promise<FaultSubject> => {
      const seen: Closing = { state: "open", comments: [{ id: 1, user: { login: "ada" }, body: why }] };
      const server = await closingServer(seen, "glu");
      return {
        run: (fetch) => close(createProposals(asking(forge, server, fetch))),
        // What somebody else said in the same words is not ours.
        expectWhole: () => expect([seen.state, seen.comments.length]).toEqual(["closed", 2]),
        expectSafe: () => expect(seen.comments.length).toBeLessThanOrEqual(2),
      };
    },
  });
}

// --- Labels of Gitea, of which there may be two of a name ----------------------------------------------------------------
faultsContract("a proposal with a new label on gitea", {
  token,
  // Where a list of labels is behind there may be a second one of the name, which nothing is decided by.
  behind: false,
  create: async (): Promise<FaultSubject> => {
    const labels: Json[] = [];
    const pulls: Json[] = [];
    const server = await serve((route, { body, query }) => {
      if (route === "GET /user") return ok({ id: 7, login: "glu" });
      if (route === "GET /repos/acme/config/labels") return ok(Number(query.get("page")) > 1 ? [] : labels);
      if (route === "GET /repos/acme/config/pulls") return ok(Number(query.get("page")) > 1 ? [] : pulls);
      if (route === "GET /repos/acme/config/pulls/1") return ok(pulls[0]);
      if (route === "POST /repos/acme/config/labels") {
        labels.push({ id: labels.length + 1, name: body.name });
        return ok(labels.at(-1), 201);
      }
      if (route === "PATCH /repos/acme/config/pulls/1")
        return ok(Object.assign(pulls[0] ?? {}, { title: body.title }), 201);
      if (route !== "POST /repos/acme/config/pulls") return undefined;
      if (pulls.length > 0) return ok({ message: "pull request already exists" }, 409);
      pulls.push({ ...closingOn({ state: "open", comments: [] }, "glu").pull, labels: body.labels });
      return ok(pulls[0], 201);
    });
    return {
      run: async (fetch) => {
        const proposals = createProposals(asking("gitea", server, fetch));
        const open = (await proposals.of(place)).find(({ state }) => state === "open");
        const settings = { draft: false, labels: ["release"], reviewers: [], assignees: [] };
        if (open === undefined) await proposals.open(place, { title: "Promote web", body: "The plan." }, settings);
      },
      expectWhole: () => expect([labels.length, pulls]).toMatchObject([1, [{ labels: [1] }]]),
      expectSafe: () => expect(Math.max(labels.length, pulls.length)).toBeLessThanOrEqual(1),
    };
  },
});

// --- Workflows and pipelines ----------------------------------------------------------------------------------------------
const key: RunKey = { text: "web/production/20261121t070000z-aaaaaaaaaaaa/0123456789ab", since: 0 };
const smoke: WorkflowTarget = { repository: undefined, workflow: "smoke.yml", ref: undefined };
const runName = Buffer.from("run-name: Smoke ${{ inputs.glu-key }}\n").toString("base64");

const workflowServer = (runs: Json[]) =>
  serve((route, { body }) => {
    if (route === "GET /repos/acme/config") return ok({ default_branch: "main" });
    if (route === "GET /version") return ok({ version: "1.25.2" });
    if (/^GET .*\/contents\/\.git/.test(route)) return ok({ content: runName });
    if (/^GET .*\/runs$/.test(route)) return ok({ total_count: runs.length, workflow_runs: runs });
    if (/^POST .*\/dispatches$/.test(route)) {
      const name = `Smoke ${(body.inputs as Json)["glu-key"]}`;
      const run = {
        id: runs.length + 1,
        event: "workflow_dispatch",
        head_branch: "main",
        path: "smoke.yml@refs/heads/main",
      };
      runs.push({ ...run, display_title: name, status: "queued", conclusion: null });
      return { status: 204 };
    }
    if (route === "GET /projects/acme%2Fconfig") return ok({ default_branch: "main" });
    if (route === "GET /projects/acme%2Fconfig/pipelines") return ok(runs);
    if (route !== "POST /projects/acme%2Fconfig/pipeline") return undefined;
    // As `workflow: name` gives it.
    const run = {
      id: runs.length + 1,
      name: (body.inputs as Json)["glu-key"],
      ref: "main",
      source: "api",
      status: "created",
    };
    runs.push(run);
    return ok(run, 201);
  });
for (const forge of ["github", "gitea", "gitlab"] as const) {
  faultsContract(`a workflow on ${forge}`, {
    token,
    create: async (): Promise<FaultSubject> => {
      const runs: Json[] = [];
      const server = await workflowServer(runs);
      // A server that does not show it yet may be asked twice: two runs under a key do no harm, and the newest counts.
      let most = 1;
      return {
        run: async (fetch) => {
          if ("fresh" in fetch) most = 2;
          const runner = createWorkflowRunner(asking(forge, server, fetch));
          const target = forge === "gitlab" ? { ...smoke, workflow: undefined } : smoke;
          if ((await runner.find(target, key, never)) === undefined) await runner.start(target, key, {}, never);
        },
        expectWhole: () => {
          expect(runs.length).toBeGreaterThanOrEqual(1);
          expect(runs.length).toBeLessThanOrEqual(most);
        },
        expectSafe: () => expect(runs.length).toBeLessThanOrEqual(most),
      };
    },
  });
}

// --- Requests to promote ----------------------------------------------------------------------------------------------------
const targets = { github: "acme/config", gitea: "acme/config/promote.yml", gitlab: "acme/config" } as const;
for (const forge of ["github", "gitea", "gitlab"] as const) {
  faultsContract(`a request on ${forge}`, {
    token,
    create: async (): Promise<FaultSubject> => {
      const asked = new Set<string>();
      const server = await serve((route, { body }) => {
        if (route.startsWith("GET ")) return ok({ default_branch: "main" });
        // The run that it starts promotes what is not yet promoted, so the same twice is once.
        asked.add(JSON.stringify(body.client_payload ?? body.inputs));
        return forge === "gitlab" ? ok({ web_url: "https://gitlab.example/p/1" }, 201) : { status: 204 };
      });
      const inputs = { artifact: "20261121t070000z-aaaaaaaaaaaa", app: "web" };
      return {
        run: (fetch) => createRequests(asking(forge, server, fetch)).request(targets[forge], inputs),
        expectWhole: () => expect([...asked]).toEqual([JSON.stringify(inputs)]),
      };
    },
  });
}

// --- Releases: never fewer than there are ------------------------------------------------------------------------------------
for (const forge of ["github", "gitlab"] as const) {
  faultsContract(`the releases on ${forge}`, {
    token,
    create: async (): Promise<FaultSubject> => {
      const all = Array.from({ length: 130 }, (_, index) => ({ tag_name: `v${130 - index}`, draft: false }));
      const server = await serve((_, { query }) => {
        const page = Number(query.get("page"));
        return ok(all.slice((page - 1) * 100, page * 100));
      });
      let found: number | undefined;
      return {
        run: async (fetch) => {
          found = undefined;
          found = (await createReleases(() => asking(forge, server, fetch)).list("acme/config", forge)).length;
        },
        expectWhole: () => expect(found).toBe(130),
        expectSafe: () => expect(found).toBeUndefined(),
      };
    },
  });
}
