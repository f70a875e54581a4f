import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutsideError } from "../errors.ts";
import { digest, repoPath, requestId } from "../model/names.ts";
import type { Environment } from "../model/pipeline.ts";
import type { Registry } from "../ports/registry.ts";
import { promote } from "../promote/promote.ts";
import { driftedValues } from "../reconcile/drifted.ts";
import { parseTrailers } from "../records/trailers.ts";
import { Tips } from "../state/tips.ts";
import { artifactOf, bytes, environment, onMain, pipelineOf, twoStages, world } from "../test-kit/memory.ts";
import { adopt } from "./adopt.ts";
import type { AdoptRequest } from "./options.ts";

const [a1, a2] = [artifactOf("web", 1), artifactOf("web", 2)];
const noDigest = async () => {
  throw new OutsideError("registry/unreachable", "No registry here.");
};

function setting(options: Parameters<typeof world>[0]) {
  const made = world(options);
  const ports = { ...made.ports, registry: { resolve: noDigest as Registry["resolve"] } };
  let requests = 0;
  const run = (more: Partial<AdoptRequest> = {}) =>
    adopt(
      {
        apps: [],
        environments: [],
        artifact: undefined,
        allowUnknown: false,
        reason: undefined,
        plan: false,
        author: undefined,
        request: requestId(`a-${++requests}`),
        actor: { name: "ada", verified: true },
        ...more,
      },
      ports,
    );
  const record = (name: string, app = "web") => JSON.parse(made.repository.text(`.glu/${app}/${name}.json`) ?? "null");
  const tips = async () => {
    const { repository, pipeline } = made;
    const tip = await repository.open();
    return new Tips({
      target: repository,
      tip,
      config: repository,
      configTip: tip,
      pipeline,
      repositoryOf: () => repository,
    });
  };
  return { ...made, ports, run, record, tips };
}

const files = (staging: string, production: string) => ({
  "apps/web/staging.txt": `a: 1\ntag: ${staging}\n`,
  "apps/web/production.txt": `a: 1\ntag: ${production}\n`,
});

describe("an adoption", () => {
  it("records the artifacts that the files belong to, in one commit that has nothing but records", async () => {
    const { run, record, repository } = setting({ artifacts: [a1, a2], files: files("1.2", "1.1") });
    const { result, places, commits } = await run({ reason: "move to Glu" });
    expect(result).toBe("adopted");
    expect(places.map(({ environment: name, kind }) => [name, kind])).toEqual([
      ["staging", "adopted"],
      ["production", "adopted"],
    ]);
    expect(record("production").current).toMatchObject({
      kind: "adopted",
      artifact: { id: a1.id },
      decidedOn: repository.commits[0]?.id,
      reason: "move to Glu",
      writes: [{ path: "apps/web/production.txt", selector: "tag", value: "1.1", editor: "lines" }],
    });
    const [before, after] = repository.commits;
    expect(commits.map(({ commit }) => commit)).toEqual([after?.id]);
    const changed = [...(after?.files ?? [])].filter(([path, file]) => before?.files.get(path) !== file);
    expect(changed.map(([path]) => path).sort()).toEqual([".glu/web/production.json", ".glu/web/staging.json"]);
    expect(parseTrailers(after?.message ?? "")).toMatchObject([
      { app: "web", environment: "staging", kind: "adopted", artifact: a2.id },
      { app: "web", environment: "production", kind: "adopted", artifact: a1.id },
    ]);
  });

  it("is done once: the second run changes nothing and says so", async () => {
    const { run, repository } = setting({ artifacts: [a1, a2], files: files("1.2", "1.1") });
    await run();
    const second = await run();
    expect([second.result, second.commits, repository.commits.length]).toEqual(["unchanged", [], 2]);
    expect(second.places.every(({ kind }) => kind === "recorded")).toBe(true);
  });

  it("of a plan writes nothing and says what would be recorded", async () => {
    const { run, repository } = setting({ artifacts: [a1], files: files("1.1", "1.1") });
    const { result, places } = await run({ plan: true });
    expect([result, places.length, repository.commits.length]).toEqual(["planned", 2, 1]);
  });

  it("never touches a record that is there, also one that nobody can read", async () => {
    const broken = "not json";
    const { run, repository, ports, ask } = setting({
      artifacts: [a1, a2],
      files: { ...files("1.1", "1.1"), ".glu/web/production.json": broken },
    });
    await promote(ask({ environments: ["staging"], artifact: a2.id }), ports);
    const before = repository.text(".glu/web/staging.json");
    repository.push("By hand", [{ path: repoPath("apps/web/staging.txt"), content: bytes("a: 1\ntag: 1.1\n") }]);
    const { result, places } = await run();
    expect([result, places[0]?.kind]).toEqual(["incomplete", "recorded"]);
    expect(places[1]).toMatchObject({ kind: "unknown", code: "record/malformed" });
    expect(repository.text(".glu/web/staging.json")).toBe(before);
    expect(repository.text(".glu/web/production.json")).toBe(broken);
  });

  it("says where nothing runs yet, and that is no failure", async () => {
    const { run } = setting({ artifacts: [a1], files: { "apps/web/staging.txt": "tag: \n" } });
    const { result, places } = await run();
    expect([result, places.map(({ kind }) => kind)]).toEqual(["unchanged", ["empty", "empty"]]);
  });

  it("leaves alone what it cannot tell, says why and what helps, and adopts the others", async () => {
    const { run, record } = setting({ artifacts: [a1], files: files("1.1", "0.9") });
    const { result, places } = await run();
    expect(result).toBe("incomplete");
    expect(places[1]).toMatchObject({
      kind: "unknown",
      code: "adopt/no-artifact",
      reason: expect.stringContaining('tag in apps/web/production.txt is "0.9"'),
      fix: expect.stringContaining("--allow-unknown"),
    });
    expect([record("staging")?.current.artifact.id, record("production")]).toEqual([a1.id, null]);
  });

  it("guesses nothing where two artifacts say the same, until one is named", async () => {
    const twin = artifactOf("web", 1, { run: { host: "github", id: "9", number: 9, workflow: "build" } });
    const { run, record } = setting({ artifacts: [a1, twin, a2], files: files("1.1", "1.1") });
    const { places } = await run();
    expect(places[0]).toMatchObject({
      kind: "unknown",
      code: "adopt/ambiguous",
      fix: expect.stringContaining("--artifact"),
    });
    expect(record("staging")).toBeNull();
    expect((await run({ artifact: twin.id })).result).toBe("adopted");
    expect(record("staging").current.artifact.id).toBe(twin.id);
    const other = setting({ artifacts: [a1, a2], files: files("1.1", "1.1") });
    expect((await other.run({ artifact: a2.id })).places[0]).toMatchObject({ code: "adopt/no-artifact" });
    await expect(other.run({ artifact: "latest" })).rejects.toMatchObject({ code: "input/artifact" });
    await expect(other.run({ apps: ["web"], artifact: artifactOf("web", 7).id })).rejects.toMatchObject({
      code: "artifact/not-found",
    });
  });

  it("takes a pull request's build only where nothing else fits", async () => {
    const pr = artifactOf("web", 1, { version: { ...a1.version, event: "pr" } });
    const both = setting({ artifacts: [pr, a1], files: files("1.1", "1.1") });
    await both.run();
    expect(both.record("staging").current.artifact.id).toBe(a1.id);
    const alone = setting({ artifacts: [pr], files: files("1.1", "1.1") });
    await alone.run();
    expect(alone.record("staging").current.artifact.id).toBe(pr.id);
  });

  it("takes nothing that the app is not declared to be made of", async () => {
    const foreign = artifactOf("web", 1, { version: { ...a1.version, repositoryName: "mallory/web" } });
    const { run } = setting({ artifacts: [foreign], files: files("1.1", "1.1") });
    expect((await run()).places[0]).toMatchObject({ code: "adopt/no-artifact" });
  });

  it("decides again when somebody else was first", async () => {
    const { run, repository, record, ports, ask } = setting({ artifacts: [a1, a2], files: files("1.1", "1.1") });
    repository.beforeCommit = async () => {
      await promote(ask({ environments: ["staging"], artifact: a2.id }), ports);
    };
    const { result, places } = await run();
    expect([result, places.map(({ kind }) => kind)]).toEqual(["adopted", ["recorded", "adopted"]]);
    expect(record("staging").current).toMatchObject({ kind: "promotion", artifact: { id: a2.id } });
  });

  it("finds its own push when the answer to it was lost", async () => {
    const { run, repository, ports } = setting({ artifacts: [a1], files: files("1.1", "1.1") });
    const commit = repository.commit.bind(repository);
    let lost = false;
    ports.repository.commit = async (...args) => {
      const outcome = await commit(...args);
      if (lost) return outcome;
      lost = true;
      throw new OutsideError("repository/unclear", "No answer.", { transient: true });
    };
    const { result, commits } = await run();
    expect([result, repository.commits.length]).toEqual(["adopted", 2]);
    expect(commits.map(({ commit: id }) => id)).toEqual([repository.commits[1]?.id]);
  });

  it("goes on elsewhere when one environment's repository fails", async () => {
    const environments: Environment[] = [environment("staging"), environment("far", { repository: "acme/far" })];
    const { run, ports, repository } = setting({
      artifacts: [a1],
      pipeline: pipelineOf(["web"], environments),
      files: files("1.1", ""),
    });
    const far = Object.assign(Object.create(repository), {
      open: async () => {
        throw new OutsideError("repository/unreachable", "It does not answer.");
      },
    });
    ports.repositoryOf = ({ repository: where }) => (where === undefined ? repository : far);
    const { result, places } = await run();
    expect([result, places.map(({ kind }) => kind)]).toEqual(["incomplete", ["adopted", "unknown"]]);
    await expect(run({ environments: ["far"] })).rejects.toMatchObject({ code: "repository/unreachable" });
  });
});

describe("what no stored artifact fits", () => {
  it("becomes an artifact of what the files say, when that is asked for; the registry tells its digest", async () => {
    const { run, record, ports, repository } = setting({ artifacts: [], files: files("0.9", "0.9") });
    const asked: string[] = [];
    ports.registry.resolve = async (name, tag) => {
      asked.push(`${name}:${tag}`);
      return digest(`sha256:${"d".repeat(64)}`);
    };
    const { result, places } = await run({ allowUnknown: true });
    expect(result).toBe("adopted");
    expect(new Set(asked)).toEqual(new Set(["ghcr.io/acme/web:0.9"]));
    expect(places[0]).toMatchObject({ origin: "files" });
    const { artifact, writes } = record("staging").current;
    expect(artifact).toMatchObject({
      images: { web: { name: "ghcr.io/acme/web", tag: "0.9", digest: `sha256:${"d".repeat(64)}` } },
      version: { repositoryName: "memory", sha: repository.commits[0]?.id, event: "manual" },
    });
    expect(writes).toEqual([{ path: "apps/web/staging.txt", selector: "tag", value: "0.9", editor: "lines" }]);
    expect(record("production").current.artifact.id).toBe(artifact.id);
  });

  it("stays unknown when the registry does not know it", async () => {
    const { run } = setting({ artifacts: [], files: files("0.9", "0.9") });
    const { places } = await run({ allowUnknown: true });
    expect(places[0]).toMatchObject({
      kind: "unknown",
      code: "adopt/unreadable",
      reason: expect.stringContaining("No registry here."),
    });
  });

  it("asks for a tag once, and a registry that gave no answer not again", async () => {
    const asked: string[] = [];
    const two = (apps: string[], silent: boolean) => {
      const all = Object.fromEntries(
        apps.flatMap((app) => ["staging", "production"].map((name) => [`apps/${app}/${name}.txt`, "tag: 0.9\n"])),
      );
      const made = setting({ artifacts: [], pipeline: pipelineOf(apps), files: all });
      made.ports.registry.resolve = async (name, tag) => {
        asked.push(`${name}:${tag}`);
        return silent ? noDigest() : digest(`sha256:${"d".repeat(64)}`);
      };
      return made.run({ allowUnknown: true });
    };
    await two(["web", "api"], false);
    expect(asked.sort()).toEqual(["ghcr.io/acme/api:0.9", "ghcr.io/acme/web:0.9"]);
    asked.length = 0;
    expect((await two(["web", "api"], true)).places.map(({ kind }) => kind)).toEqual(Array(4).fill("unknown"));
    expect(asked).toEqual(["ghcr.io/acme/web:0.9"]);
  });

  it("is never promoted further by itself", async () => {
    const environments = [
      environment("staging", { policy: onMain }),
      environment("production", { from: { mode: "all", environments: [environment("staging").name] }, auto: "newest" }),
    ];
    const { run, ports, ask, repository } = setting({
      artifacts: [],
      pipeline: pipelineOf(["web"], environments, { repository: undefined }),
      files: files("0.9", ""),
    });
    ports.registry.resolve = async () => digest(`sha256:${"d".repeat(64)}`);
    await run({ allowUnknown: true });
    const { decisions, passedOver } = await promote(ask(), ports);
    expect(decisions).toEqual([]);
    expect(passedOver.map(({ environment: name }) => name)).toContain("production");
    expect(repository.text("apps/web/production.txt")).toBe("a: 1\ntag: \n");
  });
});

describe("properties of an adoption", () => {
  const version = fc.integer({ min: 0, max: 6 });
  const world2 = fc.record({
    stored: fc.uniqueArray(fc.integer({ min: 1, max: 5 })),
    staging: version,
    production: version,
  });

  it("only .glu/ changes, what is adopted has not drifted, and promoting it again is unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(world2, async ({ stored, staging, production }) => {
        const artifacts = stored.map((number) => artifactOf("web", number));
        const made = setting({
          artifacts,
          pipeline: pipelineOf(["web"], twoStages()),
          files: files(`1.${staging}`, `1.${production}`),
        });
        const before = made.repository.commits[0]?.files;
        const { places } = await made.run();
        for (const [path, file] of made.repository.commits.at(-1)?.files ?? []) {
          if (!path.startsWith(".glu/")) expect(before?.get(path)).toBe(file);
        }
        const all = places.map(({ app, environment: name }) => ({ app, environment: name }));
        expect(await driftedValues(all, await made.tips(), made.ports.editors)).toEqual([]);
        for (const place of places) {
          const number = place.environment === "staging" ? staging : production;
          expect(place.kind).toBe(stored.includes(number) ? "adopted" : "unknown");
          if (place.kind !== "adopted") continue;
          const { artifact } = place.release;
          const again = await promote(
            made.ask({ environments: [place.environment], artifact: artifact.id }),
            made.ports,
          );
          expect(again.result).toBe("unchanged");
        }
      }),
      { numRuns: 60 },
    );
  });
});
