import { describe, expect, it } from "vitest";
import { OutsideError, UserError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName, timestamp } from "../model/names.ts";
import type { Environment, NotifyOptions } from "../model/pipeline.ts";
import type { PromoteResult } from "../promote/groups.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, onMain, pipelineOf, start, world } from "../test-kit/memory.ts";
import { MemoryAudience } from "../test-kit/memory-audience.ts";
import { announce } from "./announce.ts";
import { arrivalsOf } from "./arrivals.ts";
import type { AnnouncePorts, NoAudience } from "./audience.ts";
import { type Row, readRows, writeRows } from "./where-it-runs.ts";

const all: NotifyOptions = { status: true, deployment: { success: "verified" }, comment: true };
const hour = 3_600_000;
const [first, second, third] = [artifactOf("web", 1), artifactOf("web", 2), artifactOf("web", 3)];

function setting(options: { notify?: NotifyOptions; apps?: string[]; more?: Partial<Environment> } = {}) {
  const { notify = all, apps = ["web"], more = {} } = options;
  const production = environment("production", { tier: "production", notify, ...more });
  const pipeline = pipelineOf(apps, [environment("staging", { policy: onMain }), production]);
  const artifacts = [first, second, third, ...apps.filter((app) => app !== "web").map((app) => artifactOf(app, 1))];
  const made = world({ apps, pipeline, artifacts });
  const source = new MemoryAudience("acme/web");
  const config = new MemoryAudience("acme/config");
  for (const [index, { version }] of [first, second, third].entries()) source.push(version.sha, 10 + index, start);
  const audiences: { source: MemoryAudience | NoAudience; config: MemoryAudience | NoAudience } = { source, config };
  const ports: AnnouncePorts = {
    audiences: { source: () => audiences.source, config: () => audiences.config },
    templates: made.ports.templates,
    text: (rows) => rows.map((row) => `${row.app} ${row.environment} ${row.version}`).join("\n"),
    run: "https://forge.test/runs/1",
    clock: made.clock,
    logger: made.ports.logger,
  };
  const release = (artifact: Artifact, again = {}) =>
    promote(
      made.ask({ apps: [artifact.app], environments: ["production"], artifact: artifact.id, ...again }),
      made.ports,
    );
  const tell = (result: PromoteResult) => announce(arrivalsOf(result, made.ports.repositoryOf), ports);
  const releaseAndTell = async (artifact: Artifact) => {
    const result = await release(artifact);
    return { result, ...(await tell(result)) };
  };
  return { ...made, source, config, audiences, announcing: ports, release, tell, releaseAndTell };
}

const rowsOf = (audience: MemoryAudience, pull: number) => readRows([audience.said.get(pull) ?? ""]);

describe("what people are told of a release", () => {
  it("stands beside what another run wrote at the same moment", async () => {
    const { releaseAndTell, source, clock } = setting();
    const other: Row = {
      ...{ app: "api", environment: "production", version: "7", request: "other" },
      ...{ mergedAt: timestamp(start), releasedAt: timestamp(start) },
    };
    // The other run has read before this one wrote, and writes after it: once, and once more when it looks again.
    let times = 0;
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (++times <= 2) source.said.set(10, writeRows([other]));
    };
    await releaseAndTell(first);
    expect(
      rowsOf(source, 10)
        .map(({ app }) => app)
        .sort(),
    ).toEqual(["api", "web"]);
    expect(times).toBe(3);
  });

  it("is not looked at again when nothing was written", async () => {
    const { release, tell, clock } = setting();
    const result = await release(first);
    await tell(result);
    const then = clock.now();
    await tell(result);
    expect(clock.now()).toBe(then);
  });

  it("is a deployment of the source commit, with what it is, in progress until it is verified", async () => {
    const { releaseAndTell, source, config } = setting();
    const { result, told, warnings } = await releaseAndTell(first);
    expect(warnings).toEqual([]);
    expect(source.told).toMatchObject([
      {
        of: { app: "web", environment: "production", request: result.decisions[0]?.intent.request },
        environment: "production",
        tier: "production",
        commit: first.version.sha,
        ref: { name: "main", isTag: false },
        state: "in-progress",
        log: "https://forge.test/runs/1",
        facts: { artifact: first.id, version: "1.1", kind: "promotion", config: result.commits[0]?.commit },
      },
    ]);
    expect(config.told).toEqual([]);
    expect(told).toContainEqual({
      what: "deployment of web 1.1 in production",
      url: "https://forge.test/acme/web/deployments",
    });
  });

  it("is a success as soon as it is committed where the config says that this counts", async () => {
    const { releaseAndTell, source } = setting({ notify: { ...all, deployment: { success: "committed" } } });
    await releaseAndTell(first);
    expect(source.told).toMatchObject([{ state: "success" }]);
  });

  it.each([
    ["healthy", "success"],
    ["failed", "failure"],
    ["synced", "in-progress"],
  ] as const)("follows the record: %s is %s", async (state, expected) => {
    const { release, tell, source } = setting();
    const result = await release(first);
    for (const decision of result.decisions) if (decision.release !== undefined) decision.release.state = state;
    await tell(result);
    expect(source.told).toMatchObject([{ state: expected }]);
    const [mark] = source.marks.values();
    expect(mark?.state).toBe(state === "failed" ? "failure" : "success");
  });

  it("has the address and the name that the config's templates give", async () => {
    const deployment = {
      success: "verified",
      url: "https://{{app}}.{{env}}.test",
      name: "{{env}} of {{app}}",
    } as const;
    const { releaseAndTell, source } = setting({ notify: { ...all, deployment } });
    await releaseAndTell(first);
    expect(source.told).toMatchObject([{ page: "https://web.production.test", environment: "production of web" }]);
    expect(rowsOf(source, 10)).toMatchObject([{ page: "https://web.production.test" }]);
  });

  it("marks the commits with a context that is no proposal's check, and tells the one before", async () => {
    const { releaseAndTell, source } = setting();
    await releaseAndTell(first);
    await releaseAndTell(second);
    expect([...source.marks].map(([key, { state, description }]) => [key, state, description])).toEqual([
      [
        `${first.version.sha} glu/released/production`,
        "success",
        expect.stringMatching(/^Was in production until 2026-11-21 07:\d\d UTC: 1\.2 took its place$/),
      ],
      [
        `${second.version.sha} glu/released/production`,
        "success",
        expect.stringMatching(/^In production since 2026-11-21 07:\d\d UTC: 1\.2$/),
      ],
    ]);
  });

  it("tells each pull request once where its change runs, and how long after its merge", async () => {
    const { releaseAndTell, source, clock, announcing, ports } = setting();
    clock.time += 2 * hour;
    const releasedAt = timestamp(clock.now());
    const { result } = await releaseAndTell(first);
    expect(rowsOf(source, 10)).toEqual([
      {
        app: "web",
        environment: "production",
        version: "1.1",
        request: result.decisions[0]?.intent.request,
        mergedAt: timestamp(start),
        releasedAt,
        commit: `https://forge.test/acme/config/commit/${result.commits[0]?.commit}`,
      },
    ]);
    const said = source.said.get(10);
    await announce(arrivalsOf(result, ports.repositoryOf), announcing);
    expect(source.said.get(10)).toBe(said);
    expect(source.said.size).toBe(1);
  });

  it("tells also the changes that came along, and the one before what is there with it", async () => {
    const { releaseAndTell, source } = setting();
    await releaseAndTell(first);
    await releaseAndTell(third);
    expect([...source.said.keys()]).toEqual([10, 11, 12]);
    expect(rowsOf(source, 11)).toMatchObject([{ version: "1.3" }]);
    expect(rowsOf(source, 12)).toMatchObject([{ version: "1.3" }]);
    expect(rowsOf(source, 10)).toMatchObject([{ version: "1.1", next: { kind: "overtaken", version: "1.3" } }]);
  });

  it("tells the changes that went out again that they were rolled back", async () => {
    const { release, tell, releaseAndTell, source } = setting();
    await releaseAndTell(first);
    await releaseAndTell(third);
    const result = await release(second);
    // Going back needs more than asking: it is what a rollback makes of it.
    const [decision] = result.decisions;
    const made = { ...decision?.previous, artifact: second, request: "back", kind: "rollback" };
    const row = result.board.find((one) => one.environment === envName("production"));
    Object.assign(decision ?? {}, { result: "promoted", release: made });
    Object.assign(row ?? {}, { release: made });
    await tell(result);
    expect(rowsOf(source, 12)).toMatchObject([{ version: "1.3", next: { kind: "rolled-back", version: "1.2" } }]);
    expect(rowsOf(source, 11)).toMatchObject([{ version: "1.2" }]);
    expect(rowsOf(source, 11)[0]?.next).toBeUndefined();
  });

  it("is nothing where nobody asked for it, nor of what was held or only planned", async () => {
    const { release, tell, source, config } = setting();
    expect(await tell(await release(first, { plan: true }))).toEqual({ told: [], warnings: [] });
    expect(await tell(await release(first, { environments: ["staging"] }))).toEqual({ told: [], warnings: [] });
    expect([source.calls, config.calls]).toEqual([[], []]);
  });

  it("is told again by a re-run, unless something newer has come since", async () => {
    const { release, tell, source } = setting();
    const result = await release(first);
    const request = result.decisions[0]?.intent.request;
    await tell(await release(first, { request, again: true }));
    expect(source.told).toMatchObject([{ commit: first.version.sha }]);
    await release(second);
    await tell(await release(first, { request, again: true }));
    expect(source.told).toHaveLength(1);
  });

  it("names each app's place where several share a repository", async () => {
    const { release, tell, audiences, config } = setting({ apps: ["web", "api"] });
    audiences.source = { why: "the job's own token reaches acme/config alone", fix: "Give another." };
    await tell(await release(first));
    expect(config.told).toMatchObject([{ environment: "production/web", ref: { name: "main" } }]);
    expect([...config.marks.keys()]).toEqual([expect.stringMatching(/^[0-9a-z]+ glu\/released\/production\/web$/)]);
  });
});

describe("where people cannot be told", () => {
  const forbidden = (what: "status" | "deployment" | "comment") =>
    new UserError(`${what}/forbidden`, "The token may not.", { fix: `Put 'permissions: { ${what} }' there.` });

  it("takes the config repository, and its commit, where the token cannot write to the source", async () => {
    const { releaseAndTell, source, config } = setting();
    source.failing = { statuses: forbidden("status"), deployments: forbidden("deployment") };
    const { result, warnings } = await releaseAndTell(first);
    expect(warnings).toEqual([]);
    const commit = result.commits[0]?.commit;
    expect(config.told).toMatchObject([{ commit, environment: "production" }]);
    expect([...config.marks.keys()]).toEqual([`${commit} glu/released/production`]);
    expect(source.said.size).toBe(1);
  });

  it.each([
    ["healthy", "success"],
    ["failed", "failure"],
  ] as const)("is told again as a deployment when it is %s, and the pull requests are not", async (state, word) => {
    const { release, tell, source } = setting();
    const result = await release(first);
    await tell(result);
    expect(source.told).toMatchObject([{ state: "in-progress" }]);
    const { length } = source.calls.filter((call) => call === "comments");
    const [decision] = result.decisions;
    const verified = {
      ...{
        app: "web" as never,
        environment: envName("production"),
        previous: undefined,
        gates: [],
        seen: "",
        until: undefined,
      },
      release: { ...decision!.release!, state },
      commit: decision?.commit,
      isNews: true,
    };
    await tell({ ...result, decisions: [], verified: [verified] });
    expect(source.told).toMatchObject([{ state: word }]);
    expect(source.calls.filter((call) => call === "comments")).toHaveLength(length);
    await tell({ ...result, decisions: [], verified: [{ ...verified, isNews: false }] });
    expect(source.told).toHaveLength(1);
  });

  it("warns once with the line to add, and tells what it can", async () => {
    const { releaseAndTell, source, config } = setting({ apps: ["web"] });
    for (const one of [source, config]) one.failing = { deployments: forbidden("deployment") };
    const { result, warnings, told } = await releaseAndTell(first);
    expect(result.result).toBe("promoted");
    expect(warnings).toEqual([
      "The deployment of web 1.1 in production could not be written: The token may not. (deployment/forbidden) " +
        "Put 'permissions: { deployment }' there.",
    ]);
    expect(told).toEqual([{ what: "comment on acme/web#10", url: "https://forge.test/acme/web/pull/10" }]);
    expect(source.marks.size).toBe(1);
  });

  it("asks a forge that does not answer once, and not for each thing that there is to tell", async () => {
    const { releaseAndTell, source, config } = setting();
    const cut = new OutsideError("forge/unreachable", "It cannot be asked.", { fix: "Try later." });
    for (const one of [source, config]) one.failing = { deployments: cut, statuses: cut, comments: cut };
    const { warnings } = await releaseAndTell(first);
    expect(source.calls).toEqual(["deployments"]);
    expect(warnings).toHaveLength(1);
  });

  it("says why nobody is told", async () => {
    const { releaseAndTell, audiences } = setting();
    audiences.source = { why: "its source is elsewhere", fix: "Move it." };
    audiences.config = { why: "at a terminal no forge is known", fix: "Run it in a pipeline." };
    expect((await releaseAndTell(first)).warnings).toEqual([
      "Nobody is told by a deployment of web 1.1 in production: at a terminal no forge is known. Run it in a pipeline.",
      "Nobody is told by a status of web 1.1 in production: at a terminal no forge is known. Run it in a pipeline.",
      "Nobody is told by a comment of web 1.1 in production: its source is elsewhere. Move it.",
    ]);
  });

  it("does not take a bug for something that could not be told", async () => {
    const { releaseAndTell, source } = setting();
    source.failing = { statuses: new TypeError("a bug") };
    await expect(releaseAndTell(first)).rejects.toThrow("a bug");
  });
});
