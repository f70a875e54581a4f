import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { GitServer, plainGitEnvironment } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Machine } from "../product/glu-process.ts";
import { Past, type PastRepository, pastArtifact, pastFile } from "./past.ts";

// 1.1 to 1.4 of web in production, an hour apart, between releases of api; each history has something happen to that.
const hour = 3_600_000;
const began = Math.floor((Date.now() - 100 * hour) / 1000) * 1000;
const timeOf = (number: number) => began + number * hour;
const file = pastFile("web", "production", false);
const recordFile = ".glu/web/production.json";

export interface Told {
  past: Past;
  /** The commits of 1.1 to 1.4, by their places in the past. */
  marks: number[];
}

const start = (): Past => new Past({ apps: ["web", "api"] }, began);
const release = (past: Past, number: number): number => {
  past.release([{ app: "api", number, at: timeOf(number) - hour / 4 }]);
  return past.release([{ app: "web", number, at: timeOf(number) }]);
};
const usual = (): Told => {
  const past = start();
  return { past, marks: [1, 2, 3, 4].map((number) => release(past, number)) };
};

/** What each way of naming ends with: a number of what runs then, or the code of the refusal. */
type Ends = Record<Way, number | string>;
const ways = ["previous", "3", "version", "time", "id", "sha", "commit", "exact", "exact 1.1", "exact 1.2"] as const;
type Way = (typeof ways)[number];
const all: Ends = {
  previous: 3,
  "3": 1,
  version: 1,
  time: 2,
  id: 1,
  sha: 2,
  commit: 2,
  exact: 3,
  "exact 1.1": 1,
  "exact 1.2": 2,
};
const gone = "rollback/nothing";
const noCommit = "rollback/no-commit";

export interface History {
  name: string;
  make(): Told;
  /** What is done with the repository then. */
  happens?(repository: PastRepository): void;
  ends: Ends;
}

export const histories: readonly History[] = [
  { name: "an untouched history", make: usual, ends: all },
  {
    name: "proposals that were squash-merged, the first three as one commit",
    make() {
      const past = start();
      past.release([{ app: "api", number: 1, at: timeOf(1) - hour / 4 }]);
      // As forges do: the messages as a list.
      const blocks = [1, 2, 3].map(
        (number) =>
          `* Release web 1.${number}\n\nGlu-Request: past-web-production-${number}\nGlu-App: web\nGlu-Environment: production\nGlu-Artifact: ${pastArtifact("web", number).id}\nGlu-Kind: promotion\nGlu-Actor: ada\n`,
      );
      const squashed = [1, 2, 3].map((number) => ({ app: "web", number, at: timeOf(number) }));
      const mark = past.release(squashed, `Release web (#7)\n\n${blocks.join("\n")}`);
      return { past, marks: [mark, mark, mark, release(past, 4)] };
    },
    // The record has what was squashed; its commit has the files of the last only.
    ends: { ...all, commit: 3, "exact 1.1": noCommit, "exact 1.2": noCommit },
  },
  {
    name: "a history that was rebased: every commit has another name",
    make: usual,
    happens: (repository) => rewrite(repository, "rebase"),
    ends: { ...all, commit: gone },
  },
  {
    name: "a history that a push by force made one commit, without trailers",
    make: usual,
    happens: (repository) => rewrite(repository, "one"),
    ends: { ...all, commit: gone, exact: noCommit, "exact 1.1": noCommit, "exact 1.2": noCommit },
  },
  {
    name: "a push by force that dropped the last release",
    make: usual,
    happens: (repository) => repository.reset(`${repository.fixture.git("rev-parse", "main~2")}`),
    ends: { ...all, previous: 2, "3": gone, exact: 2 },
  },
  {
    name: "a record that somebody removed",
    make() {
      const told = usual();
      told.past.write(recordFile, undefined, "Tidy up\n", timeOf(5));
      return told;
    },
    ends: all,
  },
  {
    name: "a record that somebody removed after the only release",
    make() {
      const past = start();
      release(past, 1);
      past.write(recordFile, undefined, "Tidy up\n", timeOf(5));
      return { past, marks: [3, 3, 3, 3] };
    },
    // Nothing runs by the records, so that even that one is something to go back to: by what names it.
    ends: { ...all, previous: gone, "3": gone, time: 1, sha: gone, commit: 1, exact: gone, "exact 1.2": gone },
  },
  {
    name: "a server that has the last two commits only",
    make: usual,
    happens: (repository) => {
      const whole = repository.fixture.git("rev-parse", "main~1");
      execFileSync("sh", ["-c", `echo ${whole} > ${join(repository.path, "shallow")}`], { env: plainGitEnvironment });
    },
    ends: { ...all, commit: gone, "exact 1.1": noCommit, "exact 1.2": noCommit },
  },
];

/** All commits anew on another first one, or their end as the only one. */
function rewrite({ fixture }: PastRepository, how: "rebase" | "one"): void {
  const id = (...args: string[]) => fixture.git("-c", "user.name=ada", ...args);
  const date = fixture.git("log", "-1", "--format=%ct", "main");
  if (how === "one") {
    const one = id("commit-tree", "main^{tree}", "-m", "All of it");
    fixture.git("update-ref", "refs/heads/main", one);
    return;
  }
  expect(date).not.toBe("");
  let parent = "";
  for (const commit of fixture.git("rev-list", "--reverse", "main").split("\n")) {
    const message = `${fixture.git("log", "-1", "--format=%B", commit)}`;
    const parents = parent === "" ? [] : ["-p", parent];
    parent = id("commit-tree", `${commit}^{tree}`, ...parents, "-m", message);
  }
  fixture.git("update-ref", "refs/heads/main", parent);
}

/** Each way of naming what to go back to, on the built command, in each of these histories. */
export function describeRollbacks(some: readonly History[], way: "wire" | "git"): void {
  describe.each(some)("a rollback in $name", (history) => {
    rollBackIn(history, way);
  });
}

function rollBackIn({ make, happens, ends }: History, transport: "wire" | "git"): void {
  let told: Told;
  let repository: PastRepository;
  let server: GitServer;
  let machine: Machine;
  let tip: string;
  beforeAll(async () => {
    told = make();
    repository = told.past.make();
    happens?.(repository);
    tip = repository.fixture.git("rev-parse", "main");
    server = await GitServer.start(repository.fixture.root);
    machine = new Machine();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    machine[Symbol.dispose]();
    repository[Symbol.dispose]();
  });

  const toOf = (way: Way): string[] => {
    const commit = repository.commitAt(told.marks[1] ?? 0);
    const to: Record<Way, string> = {
      previous: "previous",
      "3": "3",
      version: "v1.1",
      time: new Date(timeOf(2) + hour / 2).toISOString(),
      id: pastArtifact("web", 1).id,
      sha: pastArtifact("web", 2).version.sha.slice(0, 12),
      commit,
      exact: "previous",
      "exact 1.1": "v1.1",
      "exact 1.2": "v1.2",
    };
    return ["--to", to[way], ...(way.startsWith("exact") ? ["--exact"] : [])];
  };

  it.each(ways)("by %s ends where it says, or changes nothing", async (way) => {
    repository.reset(tip);
    const others = repository.runs("api");
    const where = ["--config-repository", server.url("config.git"), "-o", "json"];
    const named = ["rollback", "--app", "web", "--environment", "production", ...toOf(way), ...where];
    const env = { GLU_TRANSPORT: transport === "git" ? "git" : "" };
    const { code, stdout, stderr } = await machine.glu(named, { env });
    const expected = ends[way];
    if (typeof expected === "string") {
      expect([code === 0, stdout.includes(`"${expected}"`)], stdout + stderr).toEqual([false, true]);
      expect(repository.fixture.git("rev-parse", "main")).toBe(tip);
      return;
    }
    expect([code, repository.runs("web")], stdout + stderr).toEqual([0, expected]);
    expect(repository.record("web")?.current).toMatchObject({
      kind: "rollback",
      artifact: pastArtifact("web", expected),
    });
    expect(repository.runs("api")).toBe(others);
    expect(repository.fixture.git("log", "-1", "--format=%P", "main")).toBe(tip);
    expect(repository.text(file)).toContain("# a remark");
  });
}
