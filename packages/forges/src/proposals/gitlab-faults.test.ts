import { type ProposalPlace, type Proposals, type RefName, shortRef } from "@glu/core";
import { FakeClock, type Fault, GitlabServer, type GitlabUser } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// Every call of every operation meets every fault. Nothing may get lost, and nothing may be there twice.
let gitlab: GitlabServer;
let glu: GitlabUser;
let count = 0;

beforeAll(async () => {
  gitlab = await GitlabServer.start();
  glu = gitlab.user("glu", "developer");
  gitlab.user("ada", "developer");
});
afterEach(() => {
  gitlab.fault = undefined;
});
afterAll(async () => {
  expect(gitlab.unmodelled).toEqual([]);
  await gitlab[Symbol.asyncDispose]();
});

const clock = new FakeClock();
/** Gives up at once on what gets no answer, as `fetch` does when the time is over. */
const impatient: typeof fetch = (input, init) =>
  new Promise((resolve, reject) => {
    gitlab.whenSilent = () => reject(new DOMException("The time is over.", "TimeoutError"));
    fetch(input, init).then(resolve, reject);
  });
/** As of a run: it has not asked anything yet. */
const inARun = (more: { fetch?: typeof fetch; timeout?: number } = { fetch: impatient }): Proposals =>
  createProposals({
    forge: "gitlab",
    apiUrl: gitlab.apiUrl,
    repository: gitlab.project,
    token: glu.token,
    clock,
    limits: { attempts: 2, base: 1, longest: 5_000 },
    ...more,
  });

const text = { title: "Promote web", body: "The plan.\n\n<!-- glu:proposal {} -->\n" };
const newer = { title: "Promote web: newer", body: "The newer plan.\n\n<!-- glu:proposal {} -->\n" };
const settings = { draft: true, labels: ["release"], reviewers: ["ada"], assignees: ["ada"] };

function pushed(): ProposalPlace {
  const branch = `refs/heads/glu/production/web-${++count}` as RefName;
  gitlab.repository.git("update-ref", branch, "refs/heads/main");
  return { branch, base: "refs/heads/main" as RefName };
}
const allOf = ({ branch }: ProposalPlace) => gitlab.requests.all.filter(({ source }) => source === shortRef(branch));

/** What a run does with its proposal. */
async function propose(proposals: Proposals, place: ProposalPlace): Promise<void> {
  const open = (await proposals.of(place)).find(({ state }) => state === "open");
  if (open === undefined) await proposals.open(place, newer, settings);
  else await proposals.update(open.number, newer);
}
async function close(proposals: Proposals, place: ProposalPlace): Promise<void> {
  const open = (await proposals.of(place)).find(({ state }) => state === "open");
  if (open !== undefined) await proposals.close(open.number, "Replaced.");
}
const opened = async (place: ProposalPlace) => void (await inARun().open(place, text, settings));
const nothing = async () => {};

const isProposed = (place: ProposalPlace) => {
  const found = allOf(place);
  expect(found.map(({ state }) => state)).toEqual(["opened"]);
  expect(found[0]).toMatchObject({
    title: `Draft: ${newer.title}`,
    description: newer.body.trimEnd(),
    labels: ["release"],
    reviewers: [{ username: "ada" }],
    assignees: [{ username: "ada" }],
    removeSource: true,
  });
};
const isClosed = (place: ProposalPlace) => {
  const found = allOf(place);
  expect(found.map(({ state }) => state)).toEqual(["closed"]);
  expect(found[0]?.notes.map(({ body }) => body)).toEqual(["Replaced."]);
};

const list = "GET /projects/:id/merge_requests";
const one = "/projects/:id/merge_requests/:iid";
const operations = [
  ["opening", nothing, propose, isProposed, ["GET /user", list, "GET /users", "POST /projects/:id/merge_requests"]],
  ["updating", opened, propose, isProposed, ["GET /user", list, `GET ${one}`, `PUT ${one}`]],
  ["closing", opened, close, isClosed, ["GET /user", list, `GET ${one}/notes`, `POST ${one}/notes`, `PUT ${one}`]],
] as const;

const says = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: "status",
  status,
  headers,
  body: { message: `${status}` },
});
const faults: [name: string, fault: Fault, code: RegExp][] = [
  ["401", says(401), /^proposal\/unauthorised$/],
  ["403", says(403), /^proposal\/forbidden$/],
  ["404", says(404), /^proposal\/not-found$/],
  ["409", says(409), /^proposal\/invalid$/],
  ["422", says(422), /^proposal\/invalid$/],
  ["429 with Retry-After", says(429, { "retry-after": "2" }), /^forge\/unreachable$/],
  ["429 with a Retry-After of an hour", says(429, { "retry-after": "3600" }), /^forge\/unreachable$/],
  ["429 without Retry-After", says(429), /^forge\/unreachable$/],
  ["500", says(500), /^forge\/unreachable$/],
  ["502 of a proxy", { kind: "status", status: 502 }, /^forge\/unreachable$/],
  ["503", says(503), /^forge\/unreachable$/],
  ["a redirect", says(301, { location: "https://elsewhere.example/" }), /^proposal\/not-found$/],
  ["no answer in time", { kind: "silence" }, /^forge\/unreachable$/],
  ["a truncated answer", { kind: "truncated" }, /^forge\/unreachable$/],
  ["an answer that is no JSON", { kind: "garbled" }, /^proposal\/unexpected$/],
];

it("does not wait for an answer for ever", async () => {
  gitlab.fault = () => ({ fault: { kind: "silence" }, carriedOut: false });
  await expect(inARun({ timeout: 20 }).of(pushed())).rejects.toMatchObject({
    code: "forge/unreachable",
    message: expect.stringContaining("did not answer in time"),
  });
});

for (const [operation, prepare, act, isDone, routes] of operations) {
  describe(`${operation} on GitLab`, () => {
    it("asks what is broken here, and nothing else", async () => {
      const place = pushed();
      await prepare(place);
      const before = gitlab.calls.length;
      await act(inARun(), place);
      expect([...new Set(gitlab.calls.slice(before))]).toEqual(routes);
      isDone(place);
    });

    for (const route of routes) {
      const carriers = route.startsWith("GET") ? [false] : [false, true];
      for (const [name, fault, code] of faults) {
        for (const carriedOut of carriers) {
          // A broken answer is that of a call that was carried out.
          const isBroken = fault.kind === "truncated" || fault.kind === "garbled";
          if (isBroken && !carriedOut && carriers.length > 1) continue;
          const what = `${route} meets ${name}${carriedOut ? " after it was carried out" : ""}`;

          it(`${what}: a coded error with a fix, and the next run does it once`, async () => {
            const place = pushed();
            await prepare(place);
            gitlab.fault = (call) => (call.route === route ? { fault, carriedOut: carriedOut || isBroken } : undefined);
            const error = await act(inARun(), place).then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
            gitlab.fault = undefined;
            // What can be found out about a call that was carried out need be no error: then it is done.
            if (carriedOut && error === undefined) isDone(place);
            else {
              expect(error).toMatchObject({ name: "GluError", code: expect.stringMatching(code) });
              expect((error as { fix: string }).fix).toMatch(/\w{3}/);
              expect(String((error as Error).message)).not.toContain(glu.token);
            }
            await act(inARun(), place);
            isDone(place);
          });

          if (code.test("forge/unreachable") && !name.includes("hour")) {
            it(`${what} once: it is tried again, and done once`, async () => {
              const place = pushed();
              await prepare(place);
              let left = 1;
              gitlab.fault = (call) =>
                call.route === route && left-- > 0 ? { fault, carriedOut: carriedOut || isBroken } : undefined;
              await act(inARun(), place);
              expect(left).toBeLessThan(1);
              isDone(place);
            });
          }
        }
      }
    }
  });
}
