import fc from "fast-check";
import { expect, it } from "vitest";
import { compareArtifacts, newest } from "../artifact/order.ts";
import type { Artifact } from "../model/artifact.ts";
import { envName } from "../model/names.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import { promote } from "../promote/promote.ts";
import { latestFor, overtaken } from "../select/latest.ts";
import { artifactOf, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { AncestryReader } from "./ancestry.ts";

/** Commits and their parents. */
type Parents = ReadonlyMap<string, readonly string[]>;

function descends(parents: Parents, descendant: string, ancestor: string): boolean {
  const above = parents.get(descendant) ?? [];
  return above.some((parent) => parent === ancestor || descends(parents, parent, ancestor));
}

/** A working copy that has these commits, and counts what it is asked. */
function sourceOf(parents: Parents): SourceRepository & { asked: number } {
  const source = {
    asked: 0,
    isAncestor: async (ancestor: string, descendant: string) => {
      source.asked++;
      if (!parents.has(ancestor) || !parents.has(descendant)) return undefined;
      return ancestor === descendant || descends(parents, descendant, ancestor);
    },
    ancestorsAmong: async (commits: readonly string[]) => {
      source.asked++;
      return commits.filter((one) => commits.some((other) => descends(parents, other, one)));
    },
  };
  return source as unknown as SourceRepository & { asked: number };
}

const shaOf = (index: number) => String(index).repeat(40);

/** Up to six commits, each with parents among those before it, and an artifact of each with any run number and time. */
const history = fc
  .array(fc.record({ run: fc.nat(9), minute: fc.nat(5), parents: fc.array(fc.nat(5), { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((commits) => ({
    parents: new Map(
      commits.map(({ parents }, index): [string, string[]] => [
        shaOf(index),
        parents.filter((parent) => parent < index).map(shaOf),
      ]),
    ),
    artifacts: commits.map(({ run, minute }, index): Artifact => {
      const made = artifactOf("web", minute);
      const version = { ...made.version, sha: shaOf(index) };
      return artifactOf("web", minute, { version, run: { ...made.run!, number: run } });
    }),
  }));

const { environments, apps } = pipelineOf(["web"]);
const staging = environments.get(envName("staging"))!;
const app = [...apps.values()][0]!;

it("latest, the order and what is overtaken agree", () =>
  fc.assert(
    fc.asyncProperty(history, fc.nat(5), async ({ parents, artifacts }, at) => {
      const source = sourceOf(parents);
      const reader = new AncestryReader(source);
      const latest = (await latestFor({ app, environment: staging, explicit: false }, artifacts, [], reader))!;
      expect(source.asked).toBe(1);
      const everything = (ancestor: string, descendant: string) => descends(parents, descendant, ancestor);
      expect(latest.id).toBe(newest(artifacts, everything)?.id);
      for (const other of artifacts) {
        await reader.load(latest, other);
        expect(compareArtifacts(latest, other, reader.ask)).not.toEqual({ kind: "older", by: "ancestry" });
        expect(compareArtifacts(latest, other, reader.ask)).toEqual(compareArtifacts(latest, other, everything));
      }
      const current = artifacts[at % artifacts.length]!;
      const left = await overtaken(() => true, artifacts, current, latest, new AncestryReader(source));
      const between = artifacts.filter(
        (one) =>
          compareArtifacts(one, current, everything).kind === "newer" &&
          compareArtifacts(one, latest, everything).kind === "older",
      );
      expect(left).toEqual(between.map(({ id }) => id).sort());
    }),
  ));

it("latest is what is not refused then: the newer commit, though the older one was built again", async () => {
  const [first, second] = [artifactOf("web", 1), artifactOf("web", 2)];
  const rebuilt = artifactOf("web", 1, { run: { ...first.run!, number: 9 } });
  const { ports, ask } = world({
    pipeline: pipelineOf(["web"], [{ ...staging, policy: onMain }]),
    artifacts: [rebuilt, second],
  });
  ports.source = sourceOf(
    new Map([
      [first.version.sha, []],
      [second.version.sha, [first.version.sha]],
    ]),
  );
  await promote(ask({ environments: ["staging"], artifact: second.id }), ports);
  const { decisions } = await promote(ask({ environments: ["staging"] }), ports);
  expect(decisions[0]).toMatchObject({ result: "unchanged", intent: { artifact: { id: second.id } } });
});
