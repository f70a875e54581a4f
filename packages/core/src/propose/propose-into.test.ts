import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, type RepoPath, repoPath } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { noProposing } from "../ports/no-proposing.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryRepository } from "../test-kit/memory-repository.ts";
import { readMarker, withMarker } from "./marker.ts";

const staging = environment("staging", { policy: onMain });
const from = { mode: "all" as const, environments: [envName("staging")] };
const production = environment("production", { from, propose: {} });
const branch = "refs/heads/glu/production/web";

function setting(artifacts: readonly Artifact[], more: Partial<Environment> = {}, apps = ["web"]) {
  const pipeline = pipelineOf(apps, [staging, { ...production, ...more }]);
  const made = world({ apps, pipeline, artifacts });
  const forge = new MemoryForge(made.repository);
  made.ports.proposing = forge;
  const stage = (artifact: Artifact) =>
    promote(made.ask({ apps: [artifact.app], environments: ["staging"], artifact: artifact.id }), made.ports);
  const propose = (artifact: Artifact, again = {}) =>
    promote(
      made.ask({ apps: [artifact.app], environments: ["production"], artifact: artifact.id, ...again }),
      made.ports,
    );
  return { ...made, forge, stage, propose };
}

/** What brings the files of the tip back to what they were. */
function undone(
  repository: { commits: readonly { files: ReadonlyMap<RepoPath, FileAt> }[] },
  files: ReadonlyMap<RepoPath, FileAt>,
) {
  const now = repository.commits.at(-1)?.files ?? new Map<RepoPath, FileAt>();
  return [...now.keys()].map((path) => ({ path, content: files.get(path)?.content }));
}

const [first, second] = [artifactOf("web", 1), artifactOf("web", 2)];

describe("an environment whose changes are proposed", () => {
  it("gets a proposal with the change and the record, and nothing on the config branch", async () => {
    const { stage, propose, repository, forge } = setting([first]);
    await stage(first);
    const before = repository.commits.length;
    const { result, decisions, commits } = await propose(first);
    expect(result).toBe("proposed");
    expect(decisions).toMatchObject([{ result: "proposed", proposal: { number: 1, url: "https://forge.test/1" } }]);
    expect(commits).toEqual([]);
    expect(repository.commits).toHaveLength(before);
    const paths = repository.proposed.get(branch as never)?.changes.map(({ path }) => path);
    expect(paths?.sort()).toEqual([".glu/web/production.json", "apps/web/production.txt"]);
    expect(forge.proposals).toMatchObject([{ branch, base: repository.branch, title: "web", state: "open" }]);
    expect(readMarker(forge.proposals[0]?.body ?? "")).toMatchObject({
      environment: "production",
      artifacts: { web: first.id },
    });
  });

  it("keeps one proposal: the same again changes nothing, a newer artifact updates it", async () => {
    const { stage, propose, repository, forge } = setting([first, second]);
    await stage(first);
    await propose(first);
    const written = repository.proposed.get(branch as never)?.commit;
    expect((await propose(first)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    expect(repository.proposed.get(branch as never)?.commit).toBe(written);
    await stage(second);
    expect((await propose(second)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    expect(forge.proposals).toHaveLength(1);
    expect(readMarker(forge.proposals[0]?.body ?? "")?.artifacts).toEqual({ web: second.id });
    expect(repository.proposed.get(branch as never)?.commit).not.toBe(written);
  });

  it("is found again though what it shows holds what looks like its marker", async () => {
    const { stage, propose, repository, forge } = setting([first]);
    await stage(first);
    await propose(first);
    const shown = `A diff:\n\n ${forge.proposals.pop()?.body.split("\n").at(-2)}\n-<!-- glu:proposal {} -->`;
    repository.proposed.clear();
    forge.text = async () => ({ title: "web", body: shown });
    await propose(first);
    const written = repository.proposed.get(branch as never)?.commit;
    await propose(first);
    expect(repository.proposed.get(branch as never)?.commit).toBe(written);
    expect(readMarker(forge.proposals[0]?.body ?? "")?.artifacts).toEqual({ web: first.id });
    expect(forge.proposals[0]?.body.replaceAll("\u200b", "")).toContain(shown);
  });

  it("is written again when the files it changes have changed on the config branch, and not for others", async () => {
    const { stage, propose, repository } = setting([first]);
    await stage(first);
    await propose(first);
    const written = () => repository.proposed.get(branch as never)?.commit;
    const before = written();
    repository.push("other", [{ path: repoPath("README.md"), content: bytes("new\n") }]);
    await propose(first);
    expect(written()).toBe(before);
    const moved = { path: repoPath("apps/web/production.txt"), content: bytes("a: 2\ntag: none\n") };
    repository.push("by hand", [moved]);
    await propose(first);
    expect(written()).not.toBe(before);
  });

  it("opens one again that has no marker yet, so that it gets its labels, and opens no second one", async () => {
    const { stage, propose, forge } = setting([first], { propose: { labels: ["release"] } });
    await stage(first);
    await propose(first);
    await propose(first);
    expect(forge.labels).toEqual([["release"]]);
    (forge.proposals[0] as { body: string }).body = "The plan.";
    await propose(first);
    expect(forge.labels).toEqual([["release"], ["release"]]);
    expect(forge.proposals).toHaveLength(1);
    expect(readMarker(forge.proposals[0]?.body ?? "")?.artifacts).toEqual({ web: first.id });
  });

  it("holds where somebody else wrote to the branch", async () => {
    const { stage, propose, repository } = setting([first, second]);
    await stage(first);
    await propose(first);
    const proposed = repository.proposed.get(branch as never)!;
    repository.proposed.set(branch as never, { ...proposed, commit: "b".repeat(40) as never, tree: "other" as never });
    await stage(second);
    const { result, decisions } = await propose(second);
    expect(result).toBe("held");
    expect(decisions[0]?.gates.at(-1)).toMatchObject({ code: "proposal/edited", url: "https://forge.test/1" });
    expect(repository.proposed.get(branch as never)?.commit).toBe("b".repeat(40));
  });

  it("holds where somebody amended no more than the message", async () => {
    const { stage, propose, repository } = setting([first, second]);
    await stage(first);
    await propose(first);
    const proposed = repository.proposed.get(branch as never)!;
    const message = proposed.message.replace("web", "the website");
    repository.proposed.set(branch as never, { ...proposed, commit: "b".repeat(40) as never, message });
    await stage(second);
    expect((await propose(second)).decisions[0]?.gates.at(-1)).toMatchObject({ code: "proposal/edited" });
    expect(repository.proposed.get(branch as never)?.message).toBe(message);
  });

  it("writes nothing to a branch of which somebody else has a pull request, and says whose", async () => {
    const { stage, propose, repository, forge } = setting([first, second]);
    await stage(first);
    await propose(first);
    const before = repository.proposed.get(branch as never);
    // As when the token is another user's by now.
    const [{ number, url, body }] = forge.proposals.splice(0) as [(typeof forge.proposals)[0]];
    forge.foreign.push({ branch: branch as never, base: repository.branch, number, url, body, by: "old-bot" });
    await stage(second);
    const { result, decisions } = await propose(second);
    expect(result).toBe("held");
    expect(decisions[0]?.gates.at(-1)).toMatchObject({
      code: "proposal/foreign",
      seen: "#1, which old-bot opened, is of the branch glu/production/web",
      clearedBy: "merging or closing #1, or a token of old-bot",
      url: "https://forge.test/1",
    });
    expect(repository.proposed.get(branch as never)).toEqual(before);
    expect(forge.proposals).toEqual([]);
  });

  it("is written again when its branch would bring what the config branch has no more", async () => {
    const { stage, propose, repository, forge } = setting([first]);
    await stage(first);
    await propose(first);
    const before = repository.proposed.get(branch as never)?.commit;
    const { proposals } = repository;
    const brings = proposals.brings.bind(proposals);
    // Somebody pushed the config branch by force, without a commit that the proposal stands on.
    repository.push("other", [{ path: repoPath("README.md"), content: bytes("new\n") }]);
    proposals.brings = async (...given) => {
      const brought = await brings(...given);
      return brought && { ...brought, paths: new Set([...brought.paths, repoPath("secret.txt")]) };
    };
    await propose(first);
    const after = repository.proposed.get(branch as never)?.commit;
    expect(after).not.toBe(before);
    proposals.brings = async () => {
      throw new UserError("repository/unrelated", "It has no commit of main.");
    };
    repository.push("another", [{ path: repoPath("README.md"), content: bytes("newer\n") }]);
    await propose(first);
    expect(repository.proposed.get(branch as never)?.commit).not.toBe(after);
    expect(forge.proposals).toHaveLength(1);
  });

  it.each([
    ["squashed, with the message of its commit", {}, 0],
    ["merged", { squash: false }, 0],
    ["squashed, with another message, a while ago", { message: "Ship it" }, 11 * 60_000],
  ])("is proposed again when what was %s is undone", async (_how, how, later) => {
    const { stage, propose, repository, forge, clock } = setting([first]);
    await stage(first);
    const files = repository.commits.at(-1)!.files;
    await propose(first);
    forge.merge(1, clock.now(), how);
    clock.time += later;
    repository.push('Revert "web"', undone(repository, files));
    expect((await propose(first)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 2 } }]);
    expect((await propose(first)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 2 } }]);
    expect(repository.proposed.size).toBe(1);
  });

  it("takes up a branch that people brought up to date and merged, though what is there is not Glu's", async () => {
    const { stage, propose, repository, forge, clock } = setting([first, second]);
    await stage(first);
    await propose(first);
    const proposed = repository.proposed.get(branch as never)!;
    repository.proposed.set(branch as never, { ...proposed, commit: "b".repeat(40) as never, tree: "other" as never });
    forge.merge(1, clock.now(), { keep: true });
    await stage(second);
    expect((await propose(second)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 2 } }]);
    // What is pushed there after it was merged is not lost.
    repository.proposed.set(branch as never, { ...proposed, commit: "c".repeat(40) as never, tree: "other" as never });
    forge.closeByHand(2);
    expect((await propose(second)).decisions).toMatchObject([{ result: "held" }]);
  });

  it("holds what somebody closed though they have also changed its text", async () => {
    const { stage, propose, forge } = setting([first, second]);
    await stage(first);
    await propose(first);
    (forge.proposals[0] as { body: string }).body = "No, thanks.";
    forge.closeByHand(1);
    expect((await propose(first)).decisions[0]?.gates.at(-1)).toMatchObject({ code: "proposal/closed" });
    await stage(second);
    expect((await propose(second)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 2 } }]);
  });

  it("takes up what people opened again after Glu closed it: closed by them it stays so", async () => {
    const { stage, propose, forge } = setting([first]);
    await stage(first);
    await propose(first);
    const opened = forge.proposals[0] as (typeof forge.proposals)[0];
    const marker = readMarker(opened.body)!;
    opened.body = withMarker(opened.body, { ...marker, superseded: true });
    expect((await propose(first)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    expect(readMarker(opened.body)?.superseded).toBeUndefined();
    forge.closeByHand(1);
    expect((await propose(first)).decisions[0]?.gates.at(-1)).toMatchObject({ code: "proposal/closed" });
  });

  it("holds what somebody closed until there is a newer artifact", async () => {
    const { stage, propose, forge } = setting([first, second]);
    await stage(first);
    await propose(first);
    forge.closeByHand(1);
    expect((await propose(first)).decisions).toMatchObject([
      { result: "held", gates: expect.arrayContaining([expect.objectContaining({ code: "proposal/closed" })]) },
    ]);
    await stage(second);
    expect((await propose(second)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 2 } }]);
  });

  it("runs what is merged, and a re-run of the request finds it", async () => {
    const { stage, propose, forge, clock, repository } = setting([first]);
    await stage(first);
    const { decisions } = await propose(first);
    const request = decisions[0]!.intent.request;
    forge.merge(1, clock.now());
    expect(JSON.parse(repository.text(".glu/web/production.json") ?? "{}").current).toMatchObject({
      artifact: { id: first.id },
      releasedAt: null,
    });
    const again = await propose(first, { request, again: true });
    expect(again.decisions).toMatchObject([{ result: "promoted", repeated: true }]);
    expect((await propose(first)).decisions).toMatchObject([{ result: "unchanged" }]);
    expect(forge.proposals).toHaveLength(1);
  });

  it("only shows what it would propose in a plan", async () => {
    const { stage, propose, forge, repository } = setting([first]);
    await stage(first);
    expect((await propose(first, { plan: true })).decisions).toMatchObject([{ result: "planned" }]);
    expect(forge.proposals).toEqual([]);
    expect(repository.proposed.size).toBe(0);
  });

  it("lets the forge merge it by itself where the config says so, also one that stands, and says what cannot be done", async () => {
    const { stage, propose, forge, ports } = setting([first, second], { propose: { autoMerge: true } });
    await stage(first);
    await propose(first);
    expect([...forge.autoMerge]).toEqual([1]);
    forge.autoMerge.clear();
    await propose(first);
    expect([...forge.autoMerge]).toEqual([1]);
    const said: string[] = [];
    ports.logger = { ...ports.logger, warning: (text) => said.push(text) };
    const [of] = [forge.of.bind(forge)];
    forge.of = () => ({
      ...of(),
      setAutoMerge: async () => {
        throw new UserError("proposal/forbidden", "It may not.", { fix: "Allow it." });
      },
    });
    await stage(second);
    expect((await propose(second)).decisions).toMatchObject([{ result: "proposed", proposal: { number: 1 } }]);
    expect(said).toEqual(["#1 is not merged by itself: It may not. Allow it."]);
  });

  it("leaves it to people who merges it where the config says nothing", async () => {
    const { stage, propose, forge } = setting([first]);
    await stage(first);
    await propose(first);
    expect([...forge.autoMerge]).toEqual([]);
  });

  it("gets none that another run opened, and somebody merged, while this one was writing it", async () => {
    const { stage, propose, repository, forge, clock } = setting([first]);
    await stage(first);
    const { proposals } = repository;
    const write = proposals.write.bind(proposals);
    let others = 0;
    proposals.write = async (...given) => {
      if (others++ === 0) {
        await propose(first, { request: "another" });
        forge.merge(1, clock.now());
      }
      return write(...given);
    };
    const { decisions } = await propose(first);
    expect(decisions).toMatchObject([
      { result: "held", gates: expect.arrayContaining([expect.objectContaining({ code: "proposal/merged" })]) },
    ]);
    expect(forge.proposals).toHaveLength(1);
    expect(repository.proposed.size).toBe(0);
  });

  it("gets a proposal for each app, and with set one for all", async () => {
    const api = artifactOf("api", 1);
    const made = setting([first, api], {}, ["web", "api"]);
    await made.stage(first);
    await made.stage(api);
    const both = { apps: ["web", "api"], environments: ["production"] };
    await promote(made.ask({ ...both, set: true }), made.ports);
    expect([...made.repository.proposed.keys()]).toEqual(["refs/heads/glu/production/api+web"]);
    await promote(made.ask(both), made.ports);
    expect([...made.repository.proposed.keys()]).toEqual([
      "refs/heads/glu/production/web",
      "refs/heads/glu/production/api",
    ]);
  });
});

describe("a forge that answers no more", () => {
  const apps = ["api", "web", "worker"];
  const artifacts = apps.map((app) => artifactOf(app, 1));
  const spent = new OutsideError("forge/budget-exhausted", "No more calls.");

  it("keeps what was proposed before it, and the rest is named and left to the next run", async () => {
    const { stage, ask, ports, forge } = setting(artifacts, {}, apps);
    for (const artifact of artifacts) await stage(artifact);
    const { of } = forge;
    let left = 2;
    const asked: string[] = [];
    forge.of = (...at) => {
      const proposals = of.call(forge, ...at);
      return {
        ...proposals,
        of: (place) => {
          asked.push(place.branch);
          return left-- > 0 ? proposals.of(place) : Promise.reject(spent);
        },
      };
    };
    const request = ask({ apps, environments: ["production"], artifact: "latest" });
    const { decisions, undecided } = await promote(request, ports);
    expect(decisions.map(({ intent, result }) => [intent.app, result])).toEqual([["api", "proposed"]]);
    expect(undecided).toEqual(["web", "worker"].map((app) => ({ app, environment: "production", error: spent })));
    // It is not asked again for each that is left.
    expect(asked).toHaveLength(3);
    forge.of = of;
    await promote(ask({ apps, environments: ["production"], artifact: "latest" }), ports);
    expect(forge.proposals.map(({ branch: one }) => one).sort()).toEqual(
      apps.map((app) => `refs/heads/glu/production/${app}`),
    );
  });

  it("is the error of a run that could do nothing", async () => {
    const { stage, propose, forge } = setting([first]);
    await stage(first);
    const { of } = forge;
    forge.of = (...at) => ({ ...of.call(forge, ...at), of: () => Promise.reject(spent) });
    await expect(propose(first)).rejects.toBe(spent);
  });
});

it("a reconciliation proposes what an automatic edge brings, once", async () => {
  const made = setting([first], { auto: "newest" });
  await made.stage(first);
  const request = {
    ...made.ask({ apps: [] }),
    requestOf: (name: string) => `reconcile-${name}` as never,
  };
  for (const _ of [1, 2]) {
    const { decisions } = await reconcile(request, made.ports);
    expect(decisions).toEqual(
      expect.arrayContaining([expect.objectContaining({ result: "proposed", proposal: expect.anything() })]),
    );
  }
  expect(made.forge.proposals).toHaveLength(1);
});

describe("what was merged", () => {
  const soaked = environment("live", {
    from: { mode: "all", environments: [envName("production")] },
    auto: "newest",
    gates: [{ name: "soak", options: "1h" }],
  });
  const hour = 3_600_000;

  function merged(told: boolean) {
    const pipeline = pipelineOf(["web"], [staging, production, soaked]);
    const made = world({ pipeline, artifacts: [first] });
    const forge = new MemoryForge(made.repository);
    made.ports.proposing = forge;
    const to = (name: string) => promote(made.ask({ environments: [name], artifact: first.id }), made.ports);
    let runs = 0;
    const look = () => {
      const run = ++runs;
      return reconcile({ ...made.ask({ apps: [] }), requestOf: (name) => `look-${run}-${name}` as never }, made.ports);
    };
    const merge = async () => {
      await to("staging");
      await to("production");
      forge.merge(1, made.clock.now());
      if (!told) forge.proposals.length = 0;
    };
    const releasedAt = () => JSON.parse(made.repository.text(".glu/web/production.json") ?? "{}").current.releasedAt;
    const live = async () => (await look()).decisions.find(({ intent }) => intent.environment === "live");
    return { ...made, merge, look, live, releasedAt };
  }

  it("soaks since the forge says that it was merged", async () => {
    const { merge, live, clock } = merged(true);
    await merge();
    clock.time += hour - 1000;
    expect(await live()).toMatchObject({ result: "held" });
    clock.time += 1000;
    expect(await live()).toMatchObject({ result: "promoted" });
  });

  it("with others as a set has the time that the forge says, too", async () => {
    const api = artifactOf("api", 1);
    const made = setting([first, api], {}, ["web", "api"]);
    for (const artifact of [first, api]) await made.stage(artifact);
    await promote(made.ask({ apps: ["web", "api"], environments: ["production"], set: true }), made.ports);
    made.clock.time += hour;
    made.forge.merge(1, made.clock.now());
    const mergedAt = made.clock.now();
    made.clock.time += hour;
    await reconcile({ ...made.ask({ apps: [] }), requestOf: (name) => `look-${name}` as never }, made.ports);
    for (const app of ["web", "api"]) {
      const { current } = JSON.parse(made.repository.text(`.glu/${app}/production.json`) ?? "{}");
      expect(Date.parse(current.releasedAt), app).toBe(mergedAt);
    }
  });

  it("is written down by a commit that the run names; that it cannot be is told, and what was released stands", async () => {
    const { merge, look, repository } = merged(false);
    await merge();
    const commit = repository.commit.bind(repository);
    repository.commit = async () => {
      throw new UserError("repository/protected", "The branch is protected.");
    };
    expect((await look()).notices).toEqual([
      "When a proposal was merged could not be written down: The branch is protected.",
    ]);
    repository.commit = commit;
    expect((await look()).commits).toMatchObject([{ commit: repository.commits.at(-1)?.id }]);
  });

  it("counts from now where the forge cannot be asked, which is said", async () => {
    const { merge, look, ports } = merged(true);
    await merge();
    const said: string[] = [];
    ports.logger = { ...ports.logger, notice: (text) => said.push(text) };
    ports.proposing = noProposing;
    await look();
    expect(said).toContainEqual(
      expect.stringMatching(/^Whether web in production came by a proposal could not be asked: /),
    );
  });

  it("soaks since it was first seen where no forge says it, and the record remembers", async () => {
    const { merge, live, clock, releasedAt, repository } = merged(false);
    await merge();
    clock.time += 2 * hour;
    expect(releasedAt()).toBeNull();
    expect(await live()).toMatchObject({ result: "held" });
    const seen = releasedAt();
    expect(Date.parse(seen)).toBe(clock.now());
    const commits = repository.commits.length;
    clock.time += hour / 2;
    expect(await live()).toMatchObject({ result: "held" });
    expect([releasedAt(), repository.commits.length]).toEqual([seen, commits]);
    clock.time += hour / 2;
    expect(await live()).toMatchObject({ result: "promoted" });
  });

  it("soaks since it was first seen in another repository, too, whose record remembers", async () => {
    const { merge, live, clock, repository, ports } = merged(false);
    await merge();
    const record = repository.text(".glu/web/production.json") ?? "";
    const other = new MemoryRepository({ ".glu/web/production.json": record });
    Object.assign(other, { location: "memory://other" });
    ports.repositoryOf = ({ name }) => (name === "production" ? other : repository);
    const releasedAt = () => JSON.parse(other.text(".glu/web/production.json") ?? "{}").current.releasedAt;
    clock.time += 2 * hour;
    expect(await live()).toMatchObject({ result: "held" });
    expect(Date.parse(releasedAt())).toBe(clock.now());
    const commits = other.commits.length;
    clock.time += hour;
    expect(await live()).toMatchObject({ result: "promoted" });
    expect(other.commits).toHaveLength(commits);
  });
});
