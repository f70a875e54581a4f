import { GiteaServer, type GiteaUser, realClock } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diagnose } from "./diagnose.ts";
import type { DiagnosisQuestion } from "./finding.ts";

// The real Gitea.
let gitea: GiteaServer;
let ada: GiteaUser;
let glu: GiteaUser;
const at = "/repos/ada/config";
const both = { branch: "main", direct: ["staging"], proposing: ["production"], source: "GLU_TOKEN" } as const;

beforeAll(async () => {
  gitea = await GiteaServer.start();
  ada = await gitea.user("ada");
  glu = await gitea.user("glu");
  await gitea.repository(ada, "config", { "README.md": "Config\n" });
});
afterAll(() => gitea?.[Symbol.asyncDispose]());

async function look(token: string, question: Partial<DiagnosisQuestion> = {}) {
  const { apiUrl } = gitea;
  const asking = { forge: "gitea", apiUrl, repository: "ada/config", token, clock: realClock } as const;
  const found = await diagnose(asking, { ...both, ...question });
  for (const { state, fix } of found) if (state === "error" || state === "warning") expect(fix).not.toBe("");
  return Object.fromEntries(found.map(({ check, ...one }) => [check, one]));
}

it("a user who may only read is told so, and one who may write that nothing is in the way", async () => {
  expect((await look(glu.token)).access).toMatchObject({ state: "error", seen: "its user may only read" });
  await gitea.api(ada, "PUT", `${at}/collaborators/glu`, { permission: "write" });
  const found = await look(glu.token);
  expect(found.access).toMatchObject({ state: "ok", seen: "may write" });
  expect(found["push to main"]).toMatchObject({ state: "ok", seen: "no rule forbids it" });
  expect(found["pull requests"]).toMatchObject({ state: "ok" });
  expect(found["status glu/production"]).toMatchObject({ state: "warning" });
  expect(found.clock).toMatchObject({ state: "ok" });
  expect((await look(ada.token)).access).toMatchObject({ state: "ok", seen: "administers it" });
});

it("a protected branch: who may push, which statuses a merge needs, and that commits must be signed", async () => {
  await gitea.api(ada, "POST", `${at}/branch_protections`, {
    rule_name: "main",
    enable_push: true,
    enable_push_whitelist: true,
    push_whitelist_usernames: ["ada"],
    enable_status_check: true,
    status_check_contexts: ["glu/production"],
    required_approvals: 2,
    require_signed_commits: true,
  });
  const found = await look(glu.token);
  expect(found["push to main"]).toMatchObject({
    state: "error",
    fix: expect.stringMatching(/propose: true.*Whitelist/),
  });
  expect(found["status glu/production"]).toMatchObject({ state: "ok" });
  expect(found.reviews).toMatchObject({ seen: "2 before a merge" });
  // Only who administers sees all of a rule.
  expect(found["branch protection"]).toMatchObject({ state: "unseen" });
  const all = await look(ada.token);
  expect(all["push to main"]).toMatchObject({ state: "ok" });
  expect(all.signatures).toMatchObject({ state: "warning", fix: expect.stringContaining("commit.gpgSign") });
  expect((await look(glu.token, { direct: [] }))["push to main"]).toBeUndefined();
});

it("a token whose scopes are too few to propose", async () => {
  const few = await gitea.user("few", { scopes: "write:repository,write:issue" });
  await gitea.api(ada, "PUT", `${at}/collaborators/few`, { permission: "write" });
  expect((await look(few.token))["pull requests"]).toMatchObject({
    state: "error",
    seen: "it answers 403",
    fix: expect.stringContaining("'read:user'"),
  });
  expect((await look(few.token, { proposing: [] }))["pull requests"]).toBeUndefined();
});

it("a token that is not accepted, and a repository that is not seen", async () => {
  expect((await look("0".repeat(40))).token).toMatchObject({
    state: "error",
    seen: expect.stringContaining("not accepted"),
  });
  await gitea.api(ada, "PATCH", at, { private: true });
  const eve = await gitea.user("eve");
  expect((await look(eve.token)).token).toMatchObject({ state: "error", seen: expect.stringContaining("404") });
});
