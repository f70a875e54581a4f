import { afterEach, beforeEach, expect, it } from "vitest";
import { ConfigJobs } from "./config-jobs.ts";

// The built product in GitHub's jobs: what is proposed is merged, verified, fails, and goes back by a proposal.
let jobs: ConfigJobs;
afterEach(async () => {
  expect(jobs.github.violations).toEqual([]);
  await jobs[Symbol.asyncDispose]();
});

const config = (origin: string) => `version: 1
environments:
  production:
    policy: { event: push, branch: main }
    propose: true
    verify:
      gates: [{ http: { url: "${origin}/{{ app }}/{{ images.web.tag }}", retries: 0 } }]
      within: 1s
      on-failure: rollback
  later:
    from: production
    auto: newest
apps:
  web:
    images: { web: registry.test/acme/web }
    write: [{ yaml: "apps/{{ app }}/{{ env }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
`;
const values = "image:\n  tag: '0'\n";

/** 1.0.0 was merged and is healthy, 2.0.0 was merged and has begun to be looked at; its time is over. */
beforeEach(async () => {
  jobs = await ConfigJobs.start((origin) => ({
    "glu.yaml": config(origin),
    "apps/web/production.yaml": values,
    "apps/web/later.yaml": values,
  }));
  jobs.health.set("/web/1.0.0", 200);
  for (const version of ["1.0.0", "2.0.0"]) {
    await jobs.build("web", version);
    expect((await jobs.reconcile()).answer).toMatchObject({ result: "proposed" });
    expect(await jobs.merge(jobs.pull()?.number ?? 0)).toBe(200);
    await jobs.reconcile();
    await jobs.reconcile();
  }
  await new Promise((resolve) => setTimeout(resolve, 1_100));
});

/** The decision on going back, of a run. */
const backOf = ({ answer }: Awaited<ReturnType<ConfigJobs["reconcile"]>>) =>
  answer.decisions.find((one: { artifact: { version: string } }) => one.artifact.version === "1.0.0");

it("what fails goes back by a proposal, which pins when it is merged in spite of a freeze", async () => {
  await jobs.build("web", "3.0.0");
  const found = await jobs.reconcile();
  expect(found.exitCode, found.stderr).toBe(3);
  expect(found.answer).toMatchObject({ result: "failed", verified: [{ release: { state: "failed" } }] });
  expect(backOf(found)).toMatchObject({ result: "proposed", proposal: { number: 3 } });
  expect(jobs.pull()).toMatchObject({ state: "open", title: "Roll back web in production to 1.0.0" });
  expect(jobs.pull()?.body).toContain("reason: 2.0.0 failed: not within 1s: ");
  await jobs.job(["freeze", "all", "--reason", "audit"]);
  const again = await jobs.reconcile();
  expect(again.exitCode, again.stderr).toBe(0);
  expect(jobs.status()).toMatchObject({ state: "success" });
  expect(await jobs.merge(3)).toBe(200);
  await jobs.reconcile();
  await jobs.reconcile();
  expect(jobs.json(".glu/web/production.json").current).toMatchObject({ kind: "rollback", state: "healthy" });
  expect(jobs.json(".glu/web/production.pin.json")).toMatchObject({
    reason: expect.stringMatching(/^2\.0\.0 failed: /),
  });
  // Nothing that failed went further.
  expect(jobs.json(".glu/web/later.json")).toMatchObject({
    current: { artifact: { images: { web: { tag: "1.0.0" } } } },
    history: [],
  });
  const count = jobs.subjects().length;
  await jobs.reconcile();
  expect(jobs.subjects()).toHaveLength(count);
});

it("what people want instead of the rollback stays: closed, or another one by name", async () => {
  const three = await jobs.build("web", "3.0.0");
  await jobs.reconcile();
  const by = ["--app", "web", "--environment", "production", "--artifact", three, "--reason", "the fix"];
  expect((await jobs.job(["promote", ...by])).answer).toMatchObject({ result: "proposed" });
  expect(backOf(await jobs.reconcile())).toMatchObject({
    result: "held",
    gates: expect.arrayContaining([expect.objectContaining({ code: "proposal/instead" })]),
  });
  expect(jobs.pull()).toMatchObject({ number: 3, title: "Promote web to production: 3.0.0" });
  const pull = jobs.pull();
  if (pull !== undefined) pull.state = "closed";
  // That was not the rollback.
  expect(backOf(await jobs.reconcile())).toMatchObject({ result: "proposed", proposal: { number: 4 } });
  const back = jobs.pull();
  if (back !== undefined) back.state = "closed";
  await jobs.build("web", "4.0.0");
  for (let count = 0; count < 2; count++) {
    expect(backOf(await jobs.reconcile())).toMatchObject({
      result: "held",
      gates: expect.arrayContaining([expect.objectContaining({ code: "proposal/closed" })]),
    });
    expect(jobs.pull()).toMatchObject({ number: 5, title: "Promote web to production: 4.0.0" });
  }
});

it("somebody's pin holds the rollback, and a branch that may not be written to what was seen", async () => {
  jobs.repository.git.protect("GH006: Protected branch update failed for refs/heads/main.");
  const told = await jobs.reconcile();
  expect(told.exitCode).toBe(2);
  expect(told.stderr).toMatch(
    /web 2\.0\.0 in production is failed \(not within 1s: .*\), which cannot be written down: .*GH006/,
  );
  expect(told.stderr).toContain("What becomes of releases is written to main at once, also where changes are proposed");
  expect(jobs.json(".glu/web/production.json").current).toMatchObject({ state: "committed" });
  jobs.repository.git.unprotect();
  await jobs.job(["pin", "web", "production", "--reason", "I look into it"]);
  expect(backOf(await jobs.reconcile())).toMatchObject({
    result: "held",
    reason: expect.stringContaining("by ada: I look into it"),
  });
  expect(jobs.pull()).toMatchObject({ number: 2 });
  await jobs.job(["unpin", "web", "production"]);
  expect(backOf(await jobs.reconcile())).toMatchObject({ result: "proposed", proposal: { number: 3 } });
});
