import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { promote } from "../promote/promote.ts";
import { environment, onMain } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { verify, verifying } from "../test-kit/verifying.ts";

/** staging proposes what is built, and goes back when it fails: 1.1 was healthy there, and 1.2 has failed. */
async function failing() {
  const staging = environment("staging", { policy: onMain, verify: verify("rollback"), propose: {} });
  const made = verifying("rollback", [staging]);
  const forge = new MemoryForge(made.repository);
  Object.assign(made.ports, { proposing: forge });
  const open = () => forge.proposals.find(({ state }) => state === "open");
  const merge = () => forge.merge(open()?.number ?? 0, made.clock.now());
  const release = async (number: number, word: Parameters<typeof made.build>[1]) => {
    const artifact = made.build(number, word);
    await made.run();
    merge();
    // What was merged is told first.
    await made.run();
    return artifact;
  };
  const good = await release(1, "healthy");
  await made.run();
  const bad = await release(2, "broken");
  return { ...made, forge, open, merge, good, bad, failed: await made.run() };
}

const isBack = ({ intent }: { intent: { rollback?: unknown } }) => intent.rollback !== undefined;

describe("where changes are proposed, the rollback of what failed", () => {
  it("is proposed, once, and pins when it is merged", async () => {
    const { failed, run, open, merge, current, repository, good, bad } = await failing();
    expect(failed.result).toBe("failed");
    expect(failed.decisions.find(isBack)).toMatchObject({ result: "proposed", proposal: { number: 3 } });
    expect(current("staging")).toMatchObject({ state: "failed", artifact: { id: bad.id } });
    expect((await run()).decisions.find(isBack)).toMatchObject({ result: "proposed", proposal: { number: 3 } });
    expect(open()).toMatchObject({ number: 3 });
    merge();
    await run();
    await run();
    expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id }, state: "healthy" });
    expect(repository.text(".glu/web/staging.pin.json")).toContain(good.id);
  });

  it("takes the place of what a policy has proposed, which waits then", async () => {
    const { run, build, open } = await failing();
    build(3, "healthy");
    const { decisions } = await run();
    expect(decisions.filter((one) => !isBack(one))).toMatchObject([
      { result: "held", reason: expect.stringContaining("proposes to go back") },
    ]);
    expect(open()).toMatchObject({ number: 3 });
  });

  it("is not proposed again when somebody closed it, also after something newer was", async () => {
    const { run, build, forge, open } = await failing();
    forge.closeByHand(3);
    const closed = {
      result: "held",
      gates: expect.arrayContaining([expect.objectContaining({ code: "proposal/closed" })]),
    };
    expect((await run()).decisions.find(isBack)).toMatchObject(closed);
    const newer = build(3, "healthy");
    for (let count = 0; count < 3; count++) {
      const { decisions } = await run();
      expect(decisions.find(isBack)).toMatchObject(closed);
      expect(decisions.find((one) => !isBack(one))).toMatchObject({ result: "proposed", intent: { artifact: newer } });
    }
    expect(forge.proposals).toHaveLength(4);
    expect(open()?.body).toContain(newer.id);
  });

  it("does not take the place of what somebody asked for by name instead", async () => {
    const { run, build, ask, ports, open, merge, current } = await failing();
    const fix = build(3, "healthy");
    const asked = await promote(ask({ environments: ["staging"], artifact: fix.id }), ports);
    expect(asked.result).toBe("proposed");
    for (let count = 0; count < 2; count++) {
      const { decisions } = await run();
      expect(decisions.find(isBack)).toMatchObject({
        result: "held",
        reason: "#3, which proposed to go back, was asked to bring something else by name",
      });
    }
    expect(open()?.body).toContain(fix.id);
    const newer = build(4, "healthy");
    await run();
    expect((await run()).decisions.find(isBack)).toMatchObject({ result: "held" });
    expect(open()?.body).toContain(newer.id);
    merge();
    await run();
    await run();
    expect(current("staging")).toMatchObject({ artifact: { id: newer.id }, state: "healthy" });
  });
});

it("says what became of a release where a rule keeps it from writing that down", async () => {
  const { run, build, words, repository, clock } = verifying("rollback");
  const { id } = build(1, "coming");
  await run();
  words.set(id, "broken");
  clock.time += 60_000;
  const { commit } = repository;
  repository.commit = async () => {
    throw new UserError("repository/protected", "acme/config does not let this token push to main.", {
      fix: "Propose.",
    });
  };
  const { undecided, verified } = await run();
  expect(verified).toEqual([]);
  expect(undecided).toMatchObject([
    {
      app: "web",
      environment: "staging",
      error: {
        code: "verify/unwritten",
        message:
          "web 1.1 in staging is failed (seen: is broken), which cannot be written down: acme/config does not let this token push to main.",
        fix: expect.stringContaining("also where changes are proposed"),
      },
    },
  ]);
  repository.commit = commit;
  expect((await run()).result).toBe("failed");
});
