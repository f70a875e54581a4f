import { GluError, type Statuses } from "@glu/core";
import { FakeClock, GithubServer, GitlabServer } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { createStatuses } from "./create-statuses.ts";

// What can go wrong with each request: the error says it, the next run has it right, and nothing is written twice.
interface Met {
  /** Such as `POST`. */
  method: string;
  /** The answer instead of the forge's; `lost`: none, after it was carried out. */
  answer: { status: number; headers?: Record<string, string> } | "lost";
}

interface Server extends AsyncDisposable {
  commit: string;
  statuses: () => Statuses;
  meets(met: Met | undefined): void;
  /** What is there of the context, in the order in which it came. */
  written(): string[];
  problems(): unknown[];
}

const clock = new FakeClock();
const limits = { attempts: 2, base: 1, longest: 60_000 };
const context = "glu/production";
const held = { context, state: "failure", description: "Frozen", url: undefined } as const;
const told = { context, state: "success", description: "May be merged", url: "https://example.org/1" } as const;

async function github(): Promise<Server> {
  const server = await GithubServer.start();
  const repository = server.repository("acme/config", { "README.md": "Config\n" });
  const { apiUrl } = server;
  const asking = { forge: "github", apiUrl, repository: "acme/config", clock, limits, timeout: 20_000 } as const;
  const token = server.token("github-actions[bot]");
  return {
    commit: repository.tip("main") ?? "",
    statuses: () => createStatuses({ ...asking, token }),
    meets: (met) => {
      server.fault = ({ name }) => {
        if (met === undefined || !name.startsWith(met.method)) return undefined;
        if (met.answer === "lost") return { done: true, answer: "cut" };
        return { answer: { ...met.answer, text: '{"message":"No"}' } };
      };
    },
    written: () => repository.statuses.map(({ state }) => state),
    problems: () => server.violations,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function gitlab(): Promise<Server> {
  const server = await GitlabServer.start();
  const { token } = server.user("glu", "developer");
  const asking = { forge: "gitlab", apiUrl: server.apiUrl, repository: server.project, clock, limits, token } as const;
  return {
    commit: server.repository.git("rev-parse", "main"),
    statuses: () => createStatuses(asking),
    meets: (met) => {
      server.fault = ({ route }) => {
        if (met === undefined || !route.startsWith(met.method)) return undefined;
        if (met.answer === "lost") return { fault: { kind: "truncated" }, carriedOut: true };
        return { fault: { kind: "status", body: { message: "No" }, ...met.answer }, carriedOut: false };
      };
    },
    written: () => server.statuses.all.map(({ status }) => (status === "failed" ? "failure" : status)),
    problems: () => server.unmodelled,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const faults: readonly [Met["answer"], RegExp][] = [
  [{ status: 401 }, /^status\/unauthorised$/],
  [{ status: 403 }, /^status\/forbidden$/],
  [{ status: 404 }, /^status\/not-found$/],
  [{ status: 301, headers: { location: "http://127.0.0.1:9/" } }, /^status\/not-found$/],
  [{ status: 409 }, /^status\/unexpected$/],
  [{ status: 410 }, /^status\/unexpected$/],
  [{ status: 422 }, /^status\/invalid$/],
  [{ status: 429 }, /^forge\/unreachable$/],
  [{ status: 429, headers: { "retry-after": "7" } }, /^forge\/unreachable$/],
  [{ status: 500 }, /^forge\/unreachable$/],
  [{ status: 503 }, /^forge\/unreachable$/],
  ["lost", /^forge\/unreachable$/],
];

describe.each([
  ["GitHub", github],
  ["GitLab", gitlab],
] as const)("statuses on %s", (_, start) => {
  for (const method of ["GET", "POST"]) {
    it.each(faults)(`when a ${method} meets %j`, async (answer, code) => {
      await using server = await start();
      await server.statuses().set(server.commit, held);
      server.meets({ method, answer });
      const error = await server
        .statuses()
        .set(server.commit, told)
        .then(
          () => undefined,
          (caught: unknown) => caught,
        );
      if (method === "POST" && answer === "lost") {
        // It was carried out, and the look before the second try sees that.
        expect(error).toBeUndefined();
      } else {
        expect(error).toBeInstanceOf(GluError);
        expect((error as GluError).code).toMatch(code);
        expect((error as GluError).fix).toMatch(/\S/);
        expect(server.written()).toEqual(["failure"]);
      }
      server.meets(undefined);
      await server.statuses().set(server.commit, told);
      await server.statuses().set(server.commit, told);
      expect(server.written()).toEqual(["failure", "success"]);
      expect(server.problems()).toEqual([]);
    });
  }
});
