import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { exitCodeOf } from "../promote/exit-code.ts";
import { promote } from "../promote/promote.ts";
import { verifying, type Word } from "../test-kit/verifying.ts";
import { waitForVerdicts } from "./wait-for-verdicts.ts";

const minute = 60_000;

function waiting(onFailure: Parameters<typeof verifying>[0] = "rollback") {
  const made = verifying(onFailure);
  const deploy = async (number: number, word: Word, patience = 30 * minute) => {
    const { id } = made.build(number, word);
    const request = made.ask({ environments: ["staging"], artifact: id });
    const promoted = await promote(request, made.ports);
    const result = await waitForVerdicts(promoted, { request, ports: made.ports, patience });
    return { id, result, promoted, request };
  };
  /** What happens while it sleeps, each time. */
  const meanwhile = (...steps: (() => unknown)[]) => {
    const { sleep } = made.clock;
    made.clock.sleep = async (ms) => {
      await sleep(ms);
      await steps.shift()?.();
    };
  };
  return { ...made, deploy, meanwhile };
}

describe("waiting until what was released is verified", () => {
  it("ends when it is healthy, and says so in the record", async () => {
    const { deploy, meanwhile, words, current, repository } = waiting();
    meanwhile(
      () => {},
      () => void words.set([...words.keys()][0] as string, "synced"),
      () => void words.set([...words.keys()][0] as string, "healthy"),
    );
    const { result } = await deploy(1, "coming");
    expect(result).toMatchObject({ result: "promoted", verified: [{ isNews: true, release: { state: "healthy" } }] });
    expect(result.decisions).toMatchObject([{ result: "promoted", release: { state: "healthy" } }]);
    expect(result.board.find(({ environment }) => environment === "staging")?.release?.state).toBe("healthy");
    expect(current("staging")).toMatchObject({ state: "healthy" });
    expect(repository.commits.map(({ message }) => message.split("\n")[0]).slice(-2)).toEqual([
      "Record that web 1.1 in staging is synced",
      "Record that web 1.1 in staging is healthy",
    ]);
    expect(exitCodeOf(result, "fail")).toBe(0);
  });

  it("undoes what failed, and fails", async () => {
    const { deploy, current } = waiting();
    const good = await deploy(1, "healthy");
    const { result, promoted } = await deploy(2, "broken");
    expect(result.result).toBe("failed");
    expect(exitCodeOf(result, "succeed")).toBe(3);
    expect(result.decisions.map(({ intent, result: one }) => [intent.rollback === undefined, one])).toEqual([
      [true, "promoted"],
      [false, "promoted"],
    ]);
    expect(result.decisions[0]?.reason).toContain("it failed: seen: is broken");
    expect(result.commits.length).toBe(promoted.commits.length + 2);
    expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id } });
    expect(result.board.find(({ environment }) => environment === "staging")).toMatchObject({
      release: { artifact: { id: good.id } },
      pin: { artifact: good.id },
    });
  });

  it("looks again just when the time of a release is over", async () => {
    const { deploy, current, clock } = waiting("hold");
    const began = clock.time;
    const { result } = await deploy(1, "coming");
    expect(result.result).toBe("failed");
    expect(current("staging")).toMatchObject({ state: "failed" });
    expect(clock.time - began).toBe(10 * minute);
  });

  it("is over when its own time is: what was released stays, and is held", async () => {
    const { deploy, current, clock } = waiting();
    const began = clock.time;
    const { result, promoted } = await deploy(1, "synced", 2 * minute);
    expect(clock.time - began).toBe(2 * minute);
    expect(result.result).toBe("held");
    expect([exitCodeOf(result, "fail"), exitCodeOf(result, "succeed")]).toEqual([3, 0]);
    expect(result.decisions).toMatchObject([
      {
        result: "held",
        commit: promoted.decisions[0]?.commit,
        reason: expect.stringContaining("not verified within 2m"),
      },
    ]);
    expect(result.decisions[0]?.gates.at(-1)).toMatchObject({
      code: "verify/pending",
      seen: expect.stringContaining("is synced"),
    });
    expect(current("staging")).toMatchObject({ state: "synced" });
  });

  it("lets the time count that it watched, for who looks next", async () => {
    const { deploy, current, clock, run } = waiting("hold");
    const began = clock.time;
    await deploy(1, "coming", 4 * minute);
    expect(current("staging")).toMatchObject({ state: "committed", verification: { seen: "seen: is coming" } });
    clock.time = began + 10 * minute;
    expect((await run()).result).toBe("failed");
    expect(current("staging")).toMatchObject({ state: "failed" });
  });

  it("writes nothing down but what became of it when it is met in time", async () => {
    const { deploy, meanwhile, words, repository } = waiting("hold");
    meanwhile(() => void words.set([...words.keys()][0] as string, "healthy"));
    const { length } = repository.commits;
    await deploy(1, "coming", 4 * minute);
    expect(repository.commits.slice(length).map(({ message }) => message.split("\n")[0])).toEqual([
      "Promote web to staging: 1.1",
      "Record that web 1.1 in staging is healthy",
    ]);
  });

  it("believes what another run found out", async () => {
    const { deploy, meanwhile, run, words } = waiting();
    meanwhile(() => {
      words.set([...words.keys()][0] as string, "healthy");
      return run();
    });
    const { result } = await deploy(1, "coming");
    expect(result.decisions).toMatchObject([{ result: "promoted", release: { state: "healthy" } }]);
  });

  it("is superseded by what takes its place", async () => {
    const { deploy, meanwhile, build, ask, ports } = waiting();
    meanwhile(async () => {
      const { id } = build(2, "coming");
      await promote(ask({ environments: ["staging"], artifact: id }), ports);
    });
    const { result } = await deploy(1, "coming");
    expect(result.decisions).toMatchObject([
      { result: "superseded", reason: "something else took its place before it was verified" },
    ]);
  });

  it("goes on when the repository cannot be read for a moment", async () => {
    const { deploy, meanwhile, repository, words } = waiting();
    const open = repository.open.bind(repository);
    meanwhile(
      () => {
        repository.open = async () => {
          repository.open = open;
          throw new OutsideError("repository/unreachable", "It does not answer.", { transient: true });
        };
      },
      () => void words.set([...words.keys()][0] as string, "healthy"),
    );
    const { result } = await deploy(1, "coming");
    expect(result.decisions).toMatchObject([{ result: "promoted", release: { state: "healthy" } }]);
    expect(result.undecided).toEqual([]);
  });

  it("of a run that is repeated waits for the same release, and writes nothing twice", async () => {
    const { deploy, ports, repository } = waiting();
    const first = await deploy(1, "healthy");
    const { length } = repository.commits;
    const again = await promote({ ...first.request, again: true }, ports);
    const result = await waitForVerdicts(again, { request: first.request, ports, patience: minute });
    expect(result.decisions).toMatchObject([{ result: "promoted", repeated: true, release: { state: "healthy" } }]);
    expect(repository.commits).toHaveLength(length);
  });

  it("looks at nothing where nothing is verified", async () => {
    const { deploy, ask, ports, looks } = waiting();
    const { id } = await deploy(1, "healthy");
    const { length } = looks;
    const request = ask({ environments: ["production"], artifact: id });
    const promoted = await promote(request, ports);
    expect(promoted.result).toBe("promoted");
    expect(await waitForVerdicts(promoted, { request, ports, patience: minute })).toBe(promoted);
    expect(looks).toHaveLength(length);
  });
});
