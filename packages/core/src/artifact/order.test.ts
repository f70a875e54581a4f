import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Artifact, Run } from "../model/artifact.ts";
import { artifactOf } from "../test-kit/memory.ts";
import { type Ancestry, compareArtifacts, inOrder, newest } from "./order.ts";

interface Facts {
  repository?: string;
  branch?: string;
  event?: Artifact["version"]["event"];
  tag?: string;
  sha?: string;
  url?: string;
  run?: number;
  workflow?: string | undefined;
  host?: string;
  committed?: number;
  created?: number;
  /** Made at a terminal, or found by a source. */
  withoutRun?: boolean;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString();
const shaOf = (letter: string) => letter.repeat(40);

function make(facts: Facts = {}): Artifact {
  const { repository = "acme/web", branch = "main", event = "push", tag, sha = "a", run, committed = 0 } = facts;
  const { workflow = "build", host = "github", created = 0, url } = facts;
  const some = { ...(tag === undefined ? {} : { tag }), ...(url === undefined ? {} : { url }) };
  const { run: made, ...rest } = artifactOf("web", 1, {
    version: { repositoryName: repository, branch, event, sha: shaOf(sha), ...some },
    committedAt: at(committed),
    created: at(created),
    run: { host, ...(workflow === undefined ? {} : { workflow }), ...(run === undefined ? {} : { number: run }) },
  });
  return facts.withoutRun ? rest : { ...rest, run: made as Run };
}

describe("the order of two artifacts", () => {
  it.each<[string, Facts, Facts, string]>([
    ["semantic versions decide", { tag: "v1.2.0", sha: "a" }, { tag: "v1.10.0", sha: "b" }, "older by semver"],
    ["also against run numbers", { tag: "v2.0.0", run: 1 }, { tag: "v1.0.0", run: 9, sha: "b" }, "newer by semver"],
    ["a pre-release is older than its release", { tag: "v1.0.0-rc.1" }, { tag: "v1.0.0", sha: "b" }, "older by semver"],
    [
      "run numbers decide in one workflow",
      { run: 9, committed: 0 },
      { run: 10, committed: -5, sha: "b" },
      "older by run",
    ],
    [
      "run numbers of two workflows say nothing",
      { run: 9, committed: 5 },
      { run: 1, workflow: "nightly", committed: 6, sha: "b" },
      "older by committed",
    ],
    [
      "nor do those of two hosts",
      { run: 9, committed: 5 },
      { run: 1, host: "gitlab", committed: 6, sha: "b" },
      "older by committed",
    ],
    ["without run numbers commit time decides", { committed: 7 }, { committed: 6, sha: "b" }, "newer by committed"],
    [
      "build time decides for one commit only",
      { run: 3, created: 1, workflow: "x" },
      { run: 1, created: 2, workflow: "y" },
      "older by created",
    ],
    [
      "a version that is none is no order",
      { tag: "release-b", committed: 1 },
      { tag: "release-a", committed: 2, sha: "b" },
      "older by committed",
    ],
    [
      "repositories differ by name, not by case",
      { repository: "Acme/Web", run: 1 },
      { run: 2, sha: "b" },
      "older by run",
    ],
    ["two repositories are incomparable", { repository: "evil/web", tag: "v9.0.0" }, { tag: "v1.0.0" }, "incomparable"],
    ["two branches are incomparable", { branch: "next", run: 9 }, { run: 1, sha: "b" }, "incomparable"],
    ["a pull request's main is not main", { event: "pr", run: 9 }, { run: 1, sha: "b" }, "incomparable"],
    [
      "nor is it another's of that branch",
      { event: "pr", run: 9, url: "https://github.com/acme/web/pull/1" },
      { event: "pr", run: 1, sha: "b", url: "https://github.com/acme/web/pull/2" },
      "incomparable",
    ],
    [
      "builds of one pull request have an order",
      { event: "pr", run: 1, url: "https://github.com/acme/web/pull/1" },
      { event: "pr", run: 2, sha: "b", url: "https://github.com/acme/web/pull/1" },
      "older by run",
    ],
    ["a tag and a branch are incomparable", { event: "tag", tag: "nightly", branch: "" }, { sha: "b" }, "incomparable"],
  ])("%s", (_fact, a, b, order) => {
    const found = compareArtifacts(make(a), make(b));
    expect(found.kind === "incomparable" ? found.kind : `${found.kind} by ${found.by}`).toBe(order);
  });

  it("by ancestry overrides run numbers and times, and joins branches", () => {
    const older = make({ run: 9, committed: 9, sha: "a" });
    const newer = make({ run: 1, committed: 1, sha: "b", branch: "next" });
    const ancestry: Ancestry = (ancestor, descendant) => ancestor === shaOf("a") && descendant === shaOf("b");
    expect(compareArtifacts(older, newer, ancestry)).toEqual({ kind: "older", by: "ancestry" });
    expect(compareArtifacts(newer, older, ancestry)).toEqual({ kind: "newer", by: "ancestry" });
  });

  it("by ancestry overrides versions", () => {
    const older = make({ tag: "v2.0.0", sha: "a" });
    const newer = make({ tag: "v1.9.0", sha: "b" });
    const ancestry: Ancestry = (ancestor, descendant) => ancestor === shaOf("a") && descendant === shaOf("b");
    expect(compareArtifacts(older, newer)).toEqual({ kind: "newer", by: "semver" });
    expect(compareArtifacts(older, newer, ancestry)).toEqual({ kind: "older", by: "ancestry" });
  });

  it("where ancestry cannot be read is as without it", () => {
    expect(compareArtifacts(make({ run: 1 }), make({ run: 2, sha: "b" }), () => undefined)).toEqual({
      kind: "older",
      by: "run",
    });
  });

  it("that no run made is that of seeing them, where their times are equal or one is not known", () => {
    const seen = (sha: string, minute: number, committedAt: string) =>
      ({ ...make({ sha, created: minute }), run: undefined, committedAt }) as Artifact;
    const [unknown, known, later] = [new Date(0).toISOString(), at(5), at(6)];
    for (const [first, second] of [
      [unknown, unknown],
      [known, known],
      [known, unknown],
      [unknown, known],
    ] as const) {
      const [one, other] = [seen("a", 1, first), seen("b", 2, second)];
      expect(compareArtifacts(one, other)).toEqual({ kind: "older", by: "created" });
      expect(compareArtifacts(other, one)).toEqual({ kind: "newer", by: "created" });
      expect(newest([one, other])).toBe(other);
    }
    expect(compareArtifacts(seen("a", 2, known), seen("b", 1, later))).toEqual({ kind: "older", by: "committed" });
  });

  it("of a re-run is that of the first attempt: they are the same artifact", () => {
    const first = make({ run: 4 });
    const again = { ...first, run: { ...first.run!, attempt: 2 }, created: at(99) };
    expect(compareArtifacts(first, again)).toEqual({ kind: "same", by: "digest" });
  });
});

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    repository: fc.constantFrom("acme/web", "ACME/web", "acme/other"),
    branch: fc.constantFrom("main", "next"),
    event: fc.constantFrom("push", "tag", "manual", "pr"),
    tag: fc.constantFrom("v1.0.0", "v1.0.1", "v1.0.0+build", "2.0.0-rc.1", "nightly"),
    sha: fc.constantFrom("a", "b", "c", "d"),
    run: fc.nat(4),
    workflow: fc.constantFrom("build", "nightly"),
    host: fc.constantFrom("github", "gitlab"),
    committed: fc.nat(4),
    created: fc.nat(4),
    withoutRun: fc.boolean(),
  },
  { requiredKeys: [] },
);
const artifact = facts.map(make);
const opposite = { older: "newer", newer: "older", same: "same", incomparable: "incomparable" } as const;
/** A straight line of commits a → b → c → d, or nothing known. */
const ancestry = fc.constantFrom<Ancestry>(
  () => undefined,
  (ancestor, descendant) => ancestor < descendant,
);

describe("the order of any artifacts", () => {
  it("is antisymmetric and gives its reason the same way round", () => {
    fc.assert(
      fc.property(artifact, artifact, ancestry, (a, b, known) => {
        const [there, back] = [compareArtifacts(a, b, known), compareArtifacts(b, a, known)];
        expect(back.kind).toBe(opposite[there.kind]);
        if (there.kind !== "incomparable" && back.kind !== "incomparable") expect(back.by).toBe(there.by);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same artifact only with itself", () => {
    fc.assert(
      fc.property(artifact, (a) => {
        expect(compareArtifacts(a, structuredClone(a))).toEqual({ kind: "same", by: "digest" });
      }),
    );
  });

  it("never depends on what a re-run changes", () => {
    fc.assert(
      fc.property(artifact, artifact, fc.integer({ min: 2, max: 9 }), (a, b, attempt) => {
        fc.pre(a.version.sha !== b.version.sha && a.run !== undefined);
        const again = { ...a, created: at(1000), run: { ...a.run!, attempt } };
        expect(compareArtifacts(again, b)).toEqual(compareArtifacts(a, b));
      }),
    );
  });
});

describe("the newest of a list", () => {
  it("does not depend on the order of reading", () => {
    fc.assert(
      fc.property(fc.array(artifact, { maxLength: 6 }), fc.nat(), (list, turn) => {
        const turned = [...list.slice(turn % (list.length || 1)), ...list.slice(0, turn % (list.length || 1))];
        expect(newest(turned.reverse())?.id).toBe(newest(list)?.id);
      }),
    );
  });

  it("is never one that another descends from, and in a straight line of commits none is newer", () => {
    fc.assert(
      fc.property(fc.array(artifact, { minLength: 1, maxLength: 6 }), (list) => {
        const straight: Ancestry = (ancestor, descendant) => ancestor < descendant;
        const best = newest(list, straight)!;
        for (const other of list) {
          const order = compareArtifacts(best, other, straight);
          expect(order).not.toEqual({ kind: "older", by: "ancestry" });
          // Within a commit build times, runs and versions may lead in a circle.
          if (other.version.sha !== best.version.sha) expect(order.kind).not.toBe("older");
        }
      }),
    );
  });

  it("of one line is one that no other is newer than", () => {
    const line = facts.map(
      (some) =>
        ({ ...some, branch: "main", event: "push", workflow: "build", host: "github", withoutRun: false }) as const,
    );
    // A commit has one time.
    const times = fc.record({ a: fc.nat(4), b: fc.nat(4), c: fc.nat(4), d: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), times, (list, committed) => {
        const ordered = list
          .filter(({ tag, run }) => tag === undefined && run !== undefined)
          .map(({ sha = "a", ...some }) =>
            make({ ...some, repository: "acme/web", sha, committed: committed[sha as keyof typeof committed] }),
          );
        fc.pre(ordered.length > 0);
        const best = newest(ordered)!;
        for (const other of ordered) expect(compareArtifacts(other, best).kind).not.toBe("newer");
      }),
    );
  });

  it("the newest is none that another one of its branch is newer than, whatever lies between them", () => {
    const time = (minute: number) => ({ committedAt: `2026-11-01T00:0${minute}:00.000Z` });
    const rebuilt = artifactOf("web", 10, time(1));
    const release = artifactOf("web", 5, { ...time(2), version: { ...rebuilt.version, branch: "release" } });
    const older = artifactOf("web", 9, time(3));
    expect(newest([older, release, rebuilt])?.id).toBe(release.id);
    expect(newest([older, rebuilt])?.id).toBe(rebuilt.id);
    expect(newest([])).toBeUndefined();
  });

  it("of commits of the same second is the one that was made last", () => {
    // A terminal has no run number.
    const made = (sha: string, minute: number) => ({ ...make({ sha, created: minute }), run: undefined }) as Artifact;
    for (const [first, second] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      expect(newest([made(first, 1), made(second, 2)])?.version.sha).toBe(shaOf(second));
    }
  });
});

describe("a list in order", () => {
  const list = fc.uniqueArray(artifact, { maxLength: 7, selector: ({ id }) => id });

  it("begins with the newest, of the whole and of every rest", () => {
    fc.assert(
      fc.property(list, (artifacts) => {
        const ordered = inOrder(artifacts);
        expect(ordered.map(({ id }) => id).sort()).toEqual(artifacts.map(({ id }) => id).sort());
        ordered.forEach((one, at) => {
          const rest = ordered.slice(at);
          const overtaken = rest.some((other) => compareArtifacts(other, one).kind === "newer");
          // Where all of a rest go round in a circle there is no newest to begin with.
          if (!overtaken) expect(newest(rest)?.id).toBe(one.id);
        });
        expect(ordered[0]?.id).toBe(newest(artifacts)?.id);
      }),
    );
  });

  it("never lets one app stand above another but by its time", () => {
    const web = artifactOf("web", 1, { version: { ...make().version, tag: "v9.0.0" } });
    const api = artifactOf("api", 2, { version: { ...make().version, tag: "v1.0.0" } });
    expect(inOrder([web, api])).toEqual([api, web]);
  });
});
