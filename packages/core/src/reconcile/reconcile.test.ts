import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { freeze } from "../holds/freeze.ts";
import { pin } from "../holds/pin.ts";
import type { Artifact } from "../model/artifact.ts";
import { type EnvName, envName, repoPath, requestId, timestamp } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { overrideNotices } from "../promote/board.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, bytes, environment, MemoryRepository, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { type ReconcilePorts, type ReconcileRequest, reconcile } from "./reconcile.ts";

const minute = 60_000;
const from = (name: string) => ({ mode: "all" as const, environments: [envName(name)] });
const chain = (): Environment[] => [
  // Downstream first in the file: the order is that of the edges.
  environment("production", { from: from("staging"), auto: "newest", gates: [{ name: "soak", options: "30m" }] }),
  environment("testing", { policy: onMain }),
  environment("staging", { from: from("testing"), auto: "newest" }),
];

function setting(apps: string[], environments = chain()) {
  const artifacts: Artifact[] = [];
  const made = world({ pipeline: pipelineOf(apps, environments), apps, artifacts });
  let runs = 0;
  const again = (run: number, more: Partial<ReconcileRequest> = {}) =>
    reconcile(
      {
        apps: [],
        environments: [],
        plan: false,
        author: undefined,
        commitMessage: undefined,
        again: false,
        actor: { name: "ada", verified: true },
        requestOf: (name: EnvName) => requestId(`run-${run}-${name}`),
        ...more,
      },
      made.ports,
    );
  const run = (more: Partial<ReconcileRequest> = {}) => again(++runs, more);
  const messages = () => made.repository.commits.map(({ message }) => message.split("\n", 1)[0]);
  const running = (app: string, name: string) =>
    JSON.parse(made.repository.text(`.glu/${app}/${name}.json`) ?? "{}").current?.artifact.id;
  return { ...made, artifacts, run, again, messages, running };
}

describe("a reconciliation", () => {
  it("takes what is ready as far as it may go, upstream first, with a commit for each environment", async () => {
    const { artifacts, run, messages, running, clock } = setting(["web", "api"]);
    artifacts.push(artifactOf("web", 1), artifactOf("api", 1));
    const first = await run();
    expect(messages().slice(1)).toEqual(
      ["Promote api, web to testing", "Promote api, web to staging"].map(sortedNames),
    );
    expect(first.result).toBe("held");
    expect(first.decisions.map(({ intent, result }) => `${intent.app} ${intent.environment} ${result}`).sort()).toEqual(
      [
        "api production held",
        "api staging promoted",
        "api testing promoted",
        "web production held",
        "web staging promoted",
        "web testing promoted",
      ],
    );
    expect(first.next).toBe(timestamp(clock.time + 30 * minute));
    clock.time += 30 * minute;
    const second = await run();
    expect(second.result).toBe("promoted");
    expect(running("web", "production")).toBe(artifactOf("web", 1).id);
    expect(messages()).toHaveLength(4);
  });

  it("tells what runs where nothing is promoted by itself, and that it went past its gates", async () => {
    const { artifacts, run, running, ports, repository } = setting(["web"], [environment("production")]);
    artifacts.push(artifactOf("web", 1));
    const asked = { apps: ["web"], environments: ["production"], artifact: "latest", reason: "now", plan: false };
    const more = { overwrite: false, set: false, commitMessage: undefined, author: undefined, again: false };
    const ada = { name: "ada", verified: true };
    await promote({ ...asked, ...more, actor: ada, request: requestId("by-hand") }, ports);
    const path = repoPath(".glu/web/production.json");
    const record = JSON.parse(repository.text(path) ?? "{}");
    const overrides = [{ gate: "soak", code: "soak/too-young", seen: "has been upstream for 5m of 1h" }];
    const content = bytes(JSON.stringify({ ...record, current: { ...record.current, overrides } }));
    repository.push("It is written down", [{ path, content }]);
    const { board } = await run();
    expect(board.map(({ release }) => release?.artifact.id)).toEqual([running("web", "production")]);
    expect(overrideNotices(board)).toEqual([expect.stringMatching(/^Break-glass: web in production .* past soak/)]);
  });

  it("writes nothing when nothing is ready, and says what it looked at", async () => {
    const { artifacts, run, messages } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    await run();
    const count = messages().length;
    const idle = await run();
    expect(messages()).toHaveLength(count);
    expect(idle.looked).toEqual({ apps: 1, environments: 3, places: 3 });
    expect(idle.decisions.map(({ result }) => result).sort()).toEqual(["held", "unchanged", "unchanged"]);
    expect(idle.board.map(({ environment: name, release }) => [name, release?.artifact.id]).sort()).toEqual([
      ["production", undefined],
      ["staging", artifactOf("web", 1).id],
      ["testing", artifactOf("web", 1).id],
    ]);
  });

  it("run again under the same requests repeats nothing", async () => {
    const { artifacts, again, messages } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    await again(1);
    const count = messages().length;
    artifacts.push(artifactOf("web", 2));
    const second = await again(1, { again: true });
    expect(messages()).toHaveLength(count);
    expect(second.decisions.filter(({ repeated }) => repeated)).toHaveLength(2);
  });

  it("of a plan commits nothing and says what would go", async () => {
    const { artifacts, run, messages } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    const planned = await run({ plan: true });
    expect(messages()).toHaveLength(1);
    expect(planned.decisions.map(({ intent, result }) => [intent.environment, result])).toEqual([
      ["testing", "planned"],
    ]);
  });

  it("looks only where it is told to", async () => {
    const { artifacts, run, running } = setting(["web", "api"]);
    artifacts.push(artifactOf("web", 1), artifactOf("api", 1));
    await run({ apps: ["web"], environments: ["testing"] });
    expect([running("web", "testing"), running("web", "staging"), running("api", "testing")]).toEqual([
      artifactOf("web", 1).id,
      undefined,
      undefined,
    ]);
  });

  it("finds what was changed past Glu, also where nothing moves", async () => {
    const { artifacts, run, repository } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    await run();
    const path = repoPath("apps/web/staging.txt");
    const changed = repository.text(path)!.replace(/^tag: .*$/m, "tag: hacked");
    repository.push("Change it by hand", [{ path, content: bytes(changed) }]);
    const { drifted } = await run();
    expect(drifted).toEqual([
      {
        app: "web",
        environment: "staging",
        path: "apps/web/staging.txt",
        selector: "tag",
        recorded: "1.1",
        found: "hacked",
      },
    ]);
  });

  it("tells which holds have ended, and when the next one ends", async () => {
    const { artifacts, run, ports, clock } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    await run();
    const hold = { reason: "sale", actor: { name: "ada", verified: true }, request: requestId("h") };
    const until = (minutes: number) => timestamp(clock.time + minutes * minute);
    await freeze({ ...hold, scope: "production", until: until(5) }, ports);
    await pin({ ...hold, app: "web", environment: "staging", artifact: undefined, until: until(90) }, ports);
    const during = await run();
    expect(during.lapsed).toEqual({ pins: [], freezes: [] });
    expect(during.next).toBe(until(5));
    clock.time += 6 * minute;
    const after = await run();
    expect(after.lapsed).toMatchObject({ pins: [], freezes: [{ scope: "production" }] });
    expect(after.next).toBe(until(24));
  });

  it("goes on elsewhere when one environment's repository fails", async () => {
    const environments = [
      environment("testing", { policy: onMain }),
      environment("broken", { policy: onMain, repository: "acme/broken" }),
      environment("staging", { from: from("testing"), auto: "newest" }),
    ];
    const { artifacts, run, ports, repository, running } = setting(["web"], environments);
    artifacts.push(artifactOf("web", 1));
    const broken = new MemoryRepository({}) as ConfigRepository;
    broken.open = async () => {
      throw new OutsideError("git/unreachable", "It does not answer.");
    };
    ports.repositoryOf = ({ repository: where }) => (where === undefined ? repository : broken);
    const result = await run();
    expect(running("web", "staging")).toBe(artifactOf("web", 1).id);
    expect(result.undecided).toMatchObject([{ app: "web", environment: "broken", error: { code: "git/unreachable" } }]);
  });

  it("answers for what it released, also when nothing can be read afterwards", async () => {
    const { artifacts, run, repository, running } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    const open = repository.open.bind(repository);
    repository.open = async () => {
      if (running("web", "staging") !== undefined) throw new OutsideError("git/unreachable", "It does not answer.");
      return open();
    };
    const result = await run();
    expect(result.commits).toHaveLength(2);
    expect(result.decisions.map(({ intent, result: word }) => [intent.environment, word])).toEqual([
      ["testing", "promoted"],
      ["staging", "promoted"],
    ]);
    expect(result.undecided).toMatchObject([{ environment: "production", error: { code: "git/unreachable" } }]);
    expect(result.notices).toEqual([
      "What was changed by hand, and which pins and freezes have ended, could not be looked at: It does not answer.",
    ]);
  });

  it("that loses its race to another one goes on with what that one released", async () => {
    const { artifacts, run, again, repository, messages } = setting(["web"]);
    artifacts.push(artifactOf("web", 1));
    await run();
    artifacts.push(artifactOf("web", 2));
    repository.beforeCommit = async () => {
      await again(100);
    };
    const { decisions } = await run();
    expect(decisions.map(({ intent, result }) => [intent.environment, intent.artifact.id, result]).sort()).toEqual([
      ["production", artifactOf("web", 2).id, "held"],
      ["staging", artifactOf("web", 2).id, "unchanged"],
      ["testing", artifactOf("web", 2).id, "unchanged"],
    ]);
    expect(messages()).toHaveLength(5);
  });

  it("does not overwrite what somebody pushes between two environments", async () => {
    const { artifacts, run, repository, running, ports, ask } = setting(["web"]);
    artifacts.push(artifactOf("web", 1), artifactOf("web", 2));
    repository.beforeCommit = async () => {
      await promote(ask({ artifact: artifactOf("web", 1).id, environments: ["testing"] }), ports);
    };
    await run();
    expect(running("web", "testing")).toBe(artifactOf("web", 2).id);
    expect(running("web", "staging")).toBe(artifactOf("web", 2).id);
    expect(repository.commits.length).toBeGreaterThan(3);
  });
});

/** Subjects name the apps in the order of the config. */
function sortedNames(subject: string): string {
  return subject.replace("api, web", "web, api");
}

describe("a reconciliation of apps that follow sources", () => {
  it("looks at them first, so that what is new is promoted by the same run, and is never quiet about them", async () => {
    const { artifacts, run, ports, running, pipeline } = setting(["web"]);
    const app = [...pipeline.apps.values()][0]!;
    (app as { sources?: unknown }).sources = [{}];
    const asked: string[][] = [];
    const discovering = ports as ReconcilePorts;
    discovering.discover = async (apps) => {
      asked.push([...apps]);
      artifacts.push(artifactOf("web", 1));
      return [{ app: app.name, source: "oci a", result: "stored", version: "1", artifact: artifactOf("web", 1) }];
    };
    const { discovered } = await run();
    expect(asked).toEqual([["web"]]);
    expect(discovered).toMatchObject([{ result: "stored" }]);
    expect(running("web", "testing")).toBe(artifactOf("web", 1).id);
  });
});
