import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify } from "../artifact/digest.ts";
import { freeze } from "../holds/freeze.ts";
import type { Artifact, Manifest } from "../model/artifact.ts";
import { envName } from "../model/names.ts";
import type { Environment, Policy } from "../model/pipeline.ts";
import type { ReleaseRecord } from "../model/record.ts";
import { matchesAny } from "../policy/match.ts";
import { promote } from "../promote/promote.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";

const staging = envName("staging");
const allowed = { manifests: [staging] };

const carrying = (number: number, ...manifests: Partial<Manifest>[]): Artifact =>
  artifactOf("web", number, {
    environments: manifests.map((one) => ({ app: "web", env: "staging", ...one })),
  });

function place(own: Partial<Environment>, more: { manifests?: Environment["name"][] }, artifacts: Artifact[]) {
  const pipeline = pipelineOf(["web"], [environment("staging", own)], more);
  return world({ pipeline, artifacts });
}

const onPush = { policy: { event: "push", branch: "main" } };
const onTag = { policy: { tag: "v*" } };

describe("a manifest's policy", () => {
  it.each([
    ["starts a promotion where it is allowed", {}, allowed, onPush, "promoted"],
    ["starts nothing where it is not", {}, {}, onPush, undefined],
    ["that does not match starts nothing", {}, allowed, onTag, undefined],
    ["holds back what the environment's own would start", { policy: onMain }, allowed, onTag, undefined],
    ["holds back nothing where it is not allowed", { policy: onMain }, {}, onTag, "promoted"],
    ["starts nothing against the environment's own", { policy: [{ branch: ["release"] }] }, allowed, onPush, undefined],
    ["that there is not leaves all to the environment's own", { policy: onMain }, allowed, {}, "promoted"],
    ["that there is not starts nothing", {}, allowed, {}, undefined],
    ["can be GimletD's", {}, allowed, { deploy: { event: "push", branch: "main" } }, "promoted"],
    ["of GimletD excludes as GimletD meant to", {}, allowed, { deploy: { event: "push", branch: "!main" } }, undefined],
    ["starts nothing that is not accepted", { accept: [{ tag: ["v*"] }] }, allowed, onPush, undefined],
  ])("%s", async (_what, own, more, manifest, expected) => {
    const { ask, ports } = place(own, more, [carrying(1, manifest)]);
    const { decisions } = await promote(ask(), ports);
    expect(decisions[0]?.result).toBe(expected);
    const named = place(own, more, [carrying(1, manifest)]);
    const { id } = carrying(1, manifest);
    expect((await promote(named.ask({ artifact: id }), named.ports)).decisions[0]?.result).toBe(expected);
  });
});

describe("a decision says what a manifest's policy is", () => {
  const seenOf = async (manifest: Partial<Manifest>) => {
    const { ask, ports } = place({}, allowed, [carrying(1, manifest)]);
    const { decisions } = await promote(ask({ environments: ["staging"], plan: true }), ports);
    return decisions[0]?.gates.find(({ name }) => name === "manifest")?.seen;
  };

  it("when it matches", async () => {
    expect(await seenOf(onPush)).toBe("it counts here, with its policy: event push, branch main");
  });

  it("when it does not, and why, in the way of nobody who asks", async () => {
    expect(await seenOf(onTag)).toBe(
      "it counts here, with its policy: tag v*. It has no tag, and the policy wants v*, so it starts nothing; by name it can be asked for",
    );
  });

  it("where it is why nothing is promoted", async () => {
    const { ask, ports } = place({}, allowed, [carrying(1, onTag)]);
    const { passedOver } = await promote(ask(), ports);
    expect(passedOver).toMatchObject([
      {
        reason: expect.stringMatching(
          /^no artifact of web is one that staging takes\. The newest is .*: by its manifest: it has no tag, and the policy wants v\*$/,
        ),
      },
    ]);
  });
});

describe("a manifest that is refused", () => {
  const table: [what: string, code: string, manifest: Record<string, unknown>][] = [
    ["has gates", "manifest/acts", { gates: [{ soak: "1m" }] }],
    ["asks a server", "manifest/acts", { http: { url: "http://169.254.169.254" } }],
    ["runs a command", "manifest/acts", { command: ["sh", "-c", "id"] }],
    ["does so in capitals", "manifest/acts", { Command: ["id"] }],
    ["starts a workflow", "manifest/acts", { workflow: "smoke.yml" }],
    ["accepts for the environment", "manifest/acts", { accept: { branch: "**" } }],
    ["moves its tier", "manifest/acts", { tier: "none" }],
    ["writes", "manifest/acts", { write: [{ yaml: "glu.yaml", set: { a: "b" } }] }],
    ["has a misspelt key", "manifest/unknown-key", { polcy: { event: "push" } }],
    ["has gates in its policy", "manifest/policy", { policy: { event: "push", gates: [] } }],
    ["has an empty policy", "manifest/policy", { policy: {} }],
    ["has an empty list of policies", "manifest/policy", { policy: [] }],
    ["has an unknown event", "manifest/policy", { policy: { event: "merge" } }],
    ["has a pattern that is none", "manifest/policy", { policy: { branch: "!!main" } }],
    ["has a policy that is a text", "manifest/policy", { policy: "main" }],
    ["has an empty deploy", "manifest/policy", { deploy: {} }],
    ["has a deploy of a branch without its event", "manifest/policy", { deploy: { branch: "main" } }],
    ["has a deploy of a tag for another event", "manifest/policy", { deploy: { tag: "v*", event: "push" } }],
    ["has a policy and a deploy", "manifest/policy", { policy: { event: "push" }, deploy: { event: "push" } }],
    ["has a namespace that is a path", "manifest/invalid", { namespace: "../../.glu" }],
  ];

  it.each(table)("%s: %s, and the reason has the fix", async (_what, code, manifest) => {
    const bad = carrying(2, { ...manifest });
    const { ask, ports, repository } = place({ policy: onMain }, allowed, [bad]);
    const { decisions } = await promote(ask({ environments: ["staging"], artifact: bad.id }), ports);
    expect(decisions).toMatchObject([{ result: "refused" }]);
    const gate = decisions[0]?.gates.find(({ name }) => name === "manifest");
    expect(gate).toMatchObject({ met: false, code, clearedBy: expect.stringMatching(/\.$|\?$/) });
    expect(repository.commits).toHaveLength(1);
  });

  it.each(table)("%s: %s, which stops no other artifact, and is told", async (_what, _code, manifest) => {
    const [good, bad] = [carrying(1, onPush), carrying(2, { ...onPush, ...manifest })];
    const { ask, ports } = place({}, allowed, [good, bad]);
    const result = await promote(ask(), ports);
    expect(result.decisions).toMatchObject([{ result: "promoted", intent: { artifact: { id: good.id } } }]);
    expect(result.passedOver).toMatchObject([{ artifact: bad.id, reason: expect.stringContaining("manifest") }]);
    expect(result.notices).toMatchObject([expect.stringContaining(bad.id)]);
  });

  it.each(table)("%s: %s, and means nothing where it does not count", async (_what, _code, manifest) => {
    const { ask, ports } = place({ policy: onMain }, {}, [carrying(1, { ...manifest })]);
    const { decisions } = await promote(ask(), ports);
    expect(decisions).toMatchObject([{ result: "promoted" }]);
    const gate = decisions[0]?.gates.find(({ name }) => name === "manifest");
    expect(gate?.seen).toBe("it is not looked at: apps.web.manifests does not allow it in staging");
  });

  it("is told of only where it is newer than what is promoted or runs", async () => {
    const [bad, good] = [carrying(1, { gates: [] }), carrying(2, onPush)];
    const { ask, ports } = place({}, allowed, [bad, good]);
    expect((await promote(ask(), ports)).passedOver).toEqual([]);
    expect((await promote(ask(), ports)).passedOver).toEqual([]);
  });

  it("is what latest means where there is no other, and somebody asks by name", async () => {
    const bad = carrying(1, { gates: [] });
    const { ask, ports } = place({}, allowed, [bad]);
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions).toMatchObject([{ result: "refused", intent: { artifact: { id: bad.id } } }]);
  });

  it("is one of two for the same place", async () => {
    const { ask, ports } = place({}, allowed, [carrying(1, onPush, onTag)]);
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions[0]?.gates).toContainEqual(expect.objectContaining({ code: "manifest/duplicate" }));
  });

  it("is larger than a record should hold, and just below it is not", async () => {
    const results = [250, 257].map(async (kib) => {
      const large = carrying(1, { ...onPush, values: { text: "x".repeat(kib * 1024) } });
      const { ask, ports } = place({}, allowed, [large]);
      return (await promote(ask({ environments: ["staging"] }), ports)).decisions[0];
    });
    expect((await Promise.all(results)).map((decision) => decision?.result)).toEqual(["promoted", "refused"]);
  });

  it("is nested without end", async () => {
    let deep: unknown = "x";
    for (let level = 0; level < 500; level++) deep = { deep };
    const { ask, ports } = place({}, allowed, [carrying(1, { ...onPush, values: { deep } })]);
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions[0]?.gates).toContainEqual(expect.objectContaining({ code: "manifest/invalid" }));
  });
});

describe("a manifest", () => {
  it("of another app, another environment or a preview says nothing here", async () => {
    const others = [
      { ...onPush, app: "api" },
      { ...onPush, env: "production" },
      { ...onPush, preview: true },
    ];
    const { ask, ports } = place({}, allowed, [carrying(1, ...others)]);
    const { decisions, passedOver } = await promote(ask(), ports);
    expect([decisions, passedOver]).toMatchObject([[], [{ reason: expect.stringContaining("no artifact of web") }]]);
    const { id } = carrying(1, ...others);
    expect((await promote(ask({ artifact: id }), ports)).passedOver).toMatchObject([
      { reason: "staging has no policy, and it has no manifest for it: it is promoted by request" },
    ]);
  });

  it("may have what GimletD's have, and keys of its own", async () => {
    const more = { cleanup: { event: "branchDeleted" }, strategicMergePatches: "", dependencies: [], "x-team": "a" };
    const { ask, ports } = place({}, allowed, [carrying(1, { ...onPush, ...more })]);
    expect((await promote(ask(), ports)).decisions).toMatchObject([{ result: "promoted" }]);
  });

  it("that does not count is told of where another environment's policy brought its artifact", async () => {
    const both = [environment("testing", { policy: onMain }), environment("staging")];
    const { ask, ports } = world({ pipeline: pipelineOf(["web"], both), artifacts: [carrying(1, onPush)] });
    expect((await promote(ask(), ports)).passedOver).toMatchObject([
      { reason: expect.stringContaining("apps.web.manifests does not allow there") },
    ]);
  });

  it("never starts a pull request's build, whatever it says", async () => {
    const pr = artifactOf("web", 1, {
      version: { ...artifactOf("web", 1).version, event: "pr" },
      environments: [{ app: "web", env: "staging", policy: { event: "pr" } }],
    });
    const { ask, ports } = place({}, allowed, [pr]);
    const { decisions, passedOver } = await promote(ask({ artifact: pr.id }), ports);
    expect([decisions, passedOver]).toMatchObject([[], [{ reason: expect.stringContaining("pull request") }]]);
  });

  it("starts nothing that Glu's own commit was built into", async () => {
    const { version } = artifactOf("web", 2);
    const own = artifactOf("web", 2, {
      version: { ...version, message: "Promote\n\nGlu-Request: r" },
      environments: [{ app: "web", env: "staging", ...onPush }],
    });
    const { ask, ports } = place({}, allowed, [own]);
    expect((await promote(ask(), ports)).decisions).toEqual([]);
    expect((await promote(ask({ artifact: own.id }), ports)).decisions).toEqual([]);
  });

  it("is passed over by who asks by name, as a policy is", async () => {
    const { ask, ports } = place({}, allowed, [carrying(1, onTag)]);
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions).toMatchObject([{ result: "promoted" }]);
  });

  it("narrows what an automatic edge takes", async () => {
    const from = { mode: "all" as const, environments: [envName("testing")] };
    const both = [environment("testing", { policy: onMain }), environment("staging", { from, auto: "newest" })];
    const artifacts = [carrying(1, onPush), carrying(2, onTag)];
    const { ask, ports } = world({ pipeline: pipelineOf(["web"], both, allowed), artifacts });
    for (const { id } of artifacts) await promote(ask({ environments: ["testing"], artifact: id }), ports);
    const { decisions } = await promote(ask(), ports);
    expect(decisions.at(-1)).toMatchObject({
      result: "promoted",
      intent: { environment: "staging", artifact: { id: artifacts[0]?.id } },
    });
  });

  it("makes superseded what it would have started, and nothing else", async () => {
    const artifacts = [carrying(1, onPush)];
    const { ask, ports, repository } = place({}, allowed, artifacts);
    await promote(ask(), ports);
    artifacts.push(
      carrying(2, onPush),
      carrying(3, onTag),
      carrying(4, { gates: [] }),
      carrying(5),
      carrying(6, onPush),
    );
    await promote(ask(), ports);
    const record = JSON.parse(repository.text(".glu/web/staging.json") ?? "null") as ReleaseRecord;
    expect(record.current).toMatchObject({ artifact: { id: artifacts[5]?.id }, superseded: [artifacts[1]?.id] });
  });

  it("is seen by a run that looks at everything", async () => {
    const { ask, ports } = place({}, allowed, [carrying(1, onPush)]);
    const { plan, author, actor, commitMessage } = ask();
    const request = { plan, author, actor, commitMessage, apps: [], environments: [], again: false };
    const { decisions } = await reconcile({ ...request, requestOf: () => ask().request }, ports);
    expect(decisions).toMatchObject([{ result: "promoted" }]);
  });

  it("says of a key that is no key what people can read", async () => {
    const bad = carrying(1, { policy: { [`::error::\n${"x".repeat(10_000)}`]: 1 } }, { env: "other" });
    const { ask, ports } = place({}, allowed, [bad]);
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions[0]?.reason).toMatch(/^The policy of the manifest .{0,200}$/);
  });

  it("is held to what is upstream", async () => {
    const from = { mode: "all" as const, environments: [envName("testing")] };
    const both = [environment("testing"), environment("staging", { from })];
    const { ask, ports } = world({ pipeline: pipelineOf(["web"], both, allowed), artifacts: [carrying(1, onPush)] });
    expect((await promote(ask(), ports)).decisions).toMatchObject([
      { result: "held", reason: expect.stringContaining("was not released in testing") },
    ]);
  });
});

describe("tier production", () => {
  const from = { mode: "all" as const, environments: [envName("testing")] };
  const soaked = [{ name: "soak", options: "30m" }];
  const production = (own: Partial<Environment>) => {
    const both = [environment("testing", { policy: onMain }), environment("staging", { tier: "production", ...own })];
    return world({ pipeline: pipelineOf(["web"], both, allowed), artifacts: [carrying(1, onPush)] });
  };

  it.each([
    ["an upstream and time in it", { from, gates: soaked }, true],
    ["an upstream alone", { from }, false],
    ["nothing", {}, false],
  ])("takes what a manifest starts with %s as an own policy would", async (_what, own, isSafe) => {
    const { ask, ports, clock } = production(own);
    await promote(ask({ environments: ["testing"] }), ports);
    clock.time += 3_600_000;
    const { decisions } = await promote(ask(), ports);
    const decision = decisions.find(({ intent }) => intent.environment === "staging");
    expect(decision?.result).toBe(isSafe ? "promoted" : "held");
    const codes = decision?.gates.flatMap(({ met, code }) => (met ? [] : [code]));
    expect(codes).toEqual(isSafe ? [] : ["manifest/unsafe-automation"]);
  });

  it("takes it from who asks by name", async () => {
    const { ask, ports } = production({});
    const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
    expect(decisions).toMatchObject([{ result: "promoted" }]);
  });
});

describe("whatever manifests say", () => {
  const one = fc.constantFrom("push", "tag", "pr", "!push", "manual");
  const glob = fc.constantFrom("main", "**", "release/*", "!main", "feature");
  const policy = fc.record({ event: one, branch: glob, tag: fc.constantFrom("v*", "!v*") }, { requiredKeys: [] });
  const manifest: fc.Arbitrary<Partial<Manifest>> = fc.oneof(
    fc.record({ policy: fc.oneof(policy, fc.array(policy, { maxLength: 2 })) }),
    fc.record({ deploy: fc.record({ event: one, branch: glob }, { requiredKeys: [] }) }),
    fc.constantFrom<Partial<Manifest>>({}, { gates: [] }, { preview: true }, { env: "production" }),
  );
  const built = fc
    .record({
      event: fc.constantFrom("push" as const, "tag" as const, "pr" as const, "manual" as const),
      branch: fc.constantFrom("main", "release/1", "feature"),
      tag: fc.option(fc.constant("v1"), { nil: undefined }),
      manifests: fc.array(manifest, { maxLength: 2 }),
    })
    .map(({ manifests, tag, ...version }): Artifact => {
      const plain = artifactOf("web", 1);
      return artifactOf("web", 1, {
        version: { ...plain.version, ...version, ...(tag === undefined ? {} : { tag }) },
        environments: manifests.map((each) => ({ app: "web", env: "staging", ...each })),
      });
    });
  const ownPolicy: fc.Arbitrary<Policy[]> = fc.array(
    fc
      .tuple(fc.subarray(["push", "tag", "pr"], { minLength: 1 }), fc.boolean())
      .map(([event, onMainOnly]) => ({ event, ...(onMainOnly ? { branch: ["main"] } : {}) })),
    { minLength: 1, maxLength: 2 },
  );
  const promotedBy = async (
    own: Partial<Environment>,
    more: typeof allowed | object,
    artifact: Artifact,
    named: boolean,
  ) => {
    const { ask, ports } = place(own, more, [artifact]);
    const { decisions } = await promote(ask(named ? { artifact: artifact.id } : {}), ports);
    return decisions.some(({ result }) => result === "promoted");
  };
  /** The same build, that says nothing of itself. */
  const plainOf = ({ id: _id, environments: _environments, ...content }: Artifact): Artifact =>
    identify({ ...content, environments: [] }).artifact;

  it("nothing is promoted by itself that the environment's own policy excludes", () =>
    fc.assert(
      fc.asyncProperty(ownPolicy, built, fc.boolean(), async (own, artifact, named) => {
        fc.pre(matchesAny(own, artifact)?.matches === false);
        expect(await promotedBy({ policy: own }, allowed, artifact, named)).toBe(false);
      }),
    ));

  it("nothing is promoted by itself beside an own policy that would not have been without them", () =>
    fc.assert(
      fc.asyncProperty(ownPolicy, built, fc.boolean(), async (own, artifact, named) => {
        const before = await promotedBy({ policy: own }, allowed, plainOf(artifact), named);
        const after = await promotedBy({ policy: own }, allowed, artifact, named);
        expect(before || !after).toBe(true);
      }),
    ));

  it("nothing changes where they do not count", () =>
    fc.assert(
      fc.asyncProperty(fc.option(ownPolicy, { nil: [] }), built, fc.boolean(), async (own, artifact, named) => {
        const before = await promotedBy({ policy: own }, {}, plainOf(artifact), named);
        expect(await promotedBy({ policy: own }, {}, artifact, named)).toBe(before);
      }),
    ));

  it("nothing is promoted through a freeze, or that is not accepted", () =>
    fc.assert(
      fc.asyncProperty(built, fc.boolean(), async (artifact, named) => {
        expect(await promotedBy({ accept: [{ tag: ["never"] }] }, allowed, artifact, named)).toBe(false);
        const { ask, ports } = place({}, allowed, [artifact]);
        const { request, actor } = ask();
        await freeze({ scope: "staging", reason: "sale", until: undefined, request, actor }, ports);
        const { decisions } = await promote(ask(named ? { artifact: artifact.id } : {}), ports);
        expect(decisions.filter(({ result }) => result === "promoted")).toEqual([]);
      }),
    ));
});
