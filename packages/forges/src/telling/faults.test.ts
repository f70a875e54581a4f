import { type Deployment, GluError } from "@glu/core";
import { FakeClock, GithubServer, GitlabServer } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { createComments } from "../comments/create-comments.ts";
import { createDeployments } from "../deployments/create-deployments.ts";
import { createStatuses } from "../statuses/create-statuses.ts";

// What can go wrong with each request that tells people of something: the error says it, the next run has it right, and
// nothing is there twice.
interface Met {
  request: RegExp;
  /** The answer instead of the forge's; `lost`: none, after it was carried out; `cut`: none, and nothing was done. */
  answer: { status: number; headers?: Record<string, string> } | "lost" | "cut" | "page";
}

interface Server extends AsyncDisposable {
  asking: { forge: "github" | "gitlab"; apiUrl: string; webUrl: string; repository: string; token: string };
  /** A commit of a pull request that was merged, and its number. */
  commit: string;
  pull: number;
  meets(met: Met | undefined): void;
  /** How often something was met. */
  met(): number;
  statuses(): string[];
  deployments(): string[];
  comments(): string[];
  problems(): unknown[];
}

async function github(isMerged: boolean): Promise<Server> {
  const server = await GithubServer.start();
  const repository = server.repository("acme/web", { "README.md": "Web\n" });
  const headers = {
    authorization: `Bearer ${server.token("ada")}`,
    "user-agent": "test",
    "x-github-api-version": "2022-11-28",
  };
  const ada = (path: string, method: string, body: unknown) =>
    fetch(`${server.apiUrl}/repos/acme/web${path}`, { method, headers, body: JSON.stringify(body) });
  if (isMerged) {
    repository.git.git("update-ref", "refs/heads/change", "refs/heads/main");
    repository.git.push("change", { file: "x\n" });
    await ada("/pulls", "POST", { head: "change", base: "main", title: "A change" });
    await ada("/pulls/1/merge", "PUT", { merge_method: "squash" });
  }
  let count = 0;
  return {
    asking: {
      forge: "github",
      apiUrl: server.apiUrl,
      webUrl: "https://github.com/acme/web",
      repository: "acme/web",
      token: server.token("github-actions[bot]"),
    },
    commit: repository.tip("main") ?? "",
    pull: 1,
    meets: (met) => {
      server.fault = ({ name }) => {
        if (met === undefined || !met.request.test(name)) return undefined;
        count++;
        const { answer } = met;
        if (answer === "lost") return { done: true, answer: "cut" };
        if (answer === "cut") return { answer: "cut" };
        if (answer === "page") return { answer: { status: 200, text: "<html>" } };
        return { answer: { ...answer, text: '{"message":"No"}' } };
      };
    },
    met: () => count,
    statuses: () => repository.statuses.map(({ state }) => state),
    deployments: () => repository.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join()),
    comments: () => repository.pull(1)?.comments.map(({ body }) => body.split("\n")[0] ?? "") ?? [],
    problems: () => server.violations,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function gitlab(isMerged: boolean): Promise<Server> {
  const server = await GitlabServer.start();
  const { token } = server.user("glu", "developer");
  const ada = server.user("ada", "developer");
  const at = `/projects/${encodeURIComponent(server.project)}/merge_requests`;
  if (isMerged) {
    server.repository.git("update-ref", "refs/heads/change", "refs/heads/main");
    server.repository.push("change", { file: "x" });
    await server.api(ada, "POST", at, { source_branch: "change", target_branch: "main", title: "A change" });
    await server.api(ada, "PUT", `${at}/1/merge`, { squash: true });
  }
  let count = 0;
  return {
    asking: {
      forge: "gitlab",
      apiUrl: server.apiUrl,
      webUrl: `${server.origin}/${server.project}`,
      repository: server.project,
      token,
    },
    commit: server.repository.git("rev-parse", "main"),
    pull: 1,
    meets: (met) => {
      server.fault = ({ route }) => {
        if (met === undefined || !met.request.test(route)) return undefined;
        count++;
        const { answer } = met;
        if (answer === "lost" || answer === "cut") {
          return { fault: { kind: "truncated" }, carriedOut: answer === "lost" };
        }
        if (answer === "page") return { fault: { kind: "garbled" }, carriedOut: false };
        return { fault: { kind: "status", body: { message: "No" }, ...answer }, carriedOut: false };
      };
    },
    met: () => count,
    statuses: () => server.statuses.all.map(({ status }) => (status === "failed" ? "failure" : status)),
    deployments: () => server.deployments.all.map(({ status }) => status),
    comments: () => server.requests.all[0]?.notes.map(({ body }) => body.split("\n")[0] ?? "") ?? [],
    problems: () => server.unmodelled,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const clock = new FakeClock();
const limits = { attempts: 2, base: 1, longest: 60_000 };

/** Each kind of telling: what a run does, and what is there when it is done. */
const kinds: Record<
  "status" | "deployment" | "comment",
  { run(server: Server): Promise<unknown>; seen(server: Server): string[]; expected: string[]; requests: RegExp[] }
> = {
  status: {
    run: ({ asking, commit }) =>
      createStatuses({ ...asking, clock, limits }).set(commit, {
        context: "glu/released/production",
        state: "success",
        description: "In production",
        url: "https://example.org/1",
      }),
    seen: (server) => server.statuses(),
    expected: ["success"],
    requests: [/^GET /, /^POST /],
  },
  deployment: {
    run: ({ asking, commit }) => createDeployments({ ...asking, clock, limits }).tell({ ...deployment, commit }),
    seen: (server) => server.deployments(),
    expected: ["success"],
    requests: [/^GET /, /^POST /, /^POST .*(?:\d\/statuses|:id\/deployments)$/],
  },
  comment: {
    run: async ({ asking, commit }) => {
      const comments = createComments({ ...asking, clock, limits });
      for (const { number } of await comments.pullsOf(commit)) await comments.write(number, "where", () => "Here.");
    },
    seen: (server) => server.comments(),
    expected: ["Here."],
    requests: [/^GET /, /^POST .*(?:comments|notes)$/, /^GET .*(?:comments|notes)$/, /^(?:GET \/user|POST \/graphql)$/],
  },
};

const deployment: Omit<Deployment, "commit"> = {
  of: { request: "r1", app: "web", environment: "production" },
  environment: "production",
  tier: "production",
  isTransient: false,
  ref: { name: "main", isTag: false },
  description: "v1.2.0",
  facts: {},
  state: "success",
  page: "https://web.example.org",
  log: undefined,
};

const faults: readonly [Met["answer"], RegExp][] = [
  [{ status: 401 }, /^\w+\/unauthorised$/],
  [{ status: 403 }, /^\w+\/forbidden$/],
  [{ status: 404 }, /^\w+\/not-found$/],
  [{ status: 301, headers: { location: "http://127.0.0.1:9/" } }, /^\w+\/not-found$/],
  [{ status: 409 }, /^\w+\/unexpected$/],
  [{ status: 422 }, /^\w+\/invalid$/],
  [{ status: 429 }, /^forge\/unreachable$/],
  [{ status: 429, headers: { "retry-after": "7" } }, /^forge\/unreachable$/],
  [{ status: 403, headers: { "retry-after": "7" } }, /^forge\/unreachable$/],
  [{ status: 503 }, /^forge\/unreachable$/],
  ["page", /^\w+\/unexpected$/],
  ["cut", /^forge\/unreachable$/],
  ["lost", /^forge\/unreachable$/],
];

describe.each([
  ["GitHub", github],
  ["GitLab", gitlab],
] as const)("telling people on %s", (_, start) => {
  for (const [kind, { run, seen, expected, requests }] of Object.entries(kinds)) {
    for (const request of requests) {
      it.each(faults)(`of a ${kind}, when ${request} meets %j`, async (answer, code) => {
        await using server = await start(kind === "comment");
        server.meets({ request, answer });
        const error = await run(server).then(
          () => undefined,
          (caught: unknown) => caught,
        );
        expect(server.met()).toBeGreaterThan(0);
        if (answer === "lost" && error === undefined) {
          // It was carried out, and the look before the second try saw that.
          expect(seen(server)).toEqual(expected);
        } else {
          expect(error).toBeInstanceOf(GluError);
          expect((error as GluError).code).toMatch(code);
          expect((error as GluError).fix).toMatch(/\S/);
          expect(JSON.stringify(error)).not.toContain(server.asking.token);
        }
        server.meets(undefined);
        for (let times = 0; times < 2; times++) await run(server);
        expect(seen(server)).toEqual(expected);
        expect(server.problems()).toEqual([]);
      });
    }
  }
});
