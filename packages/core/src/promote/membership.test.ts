import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../errors.ts";
import { type EnvName, envName } from "../model/names.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { candidatesOf } from "./candidates.ts";
import { promote } from "./promote.ts";

const names = ["staging", "canary", "production"];
const apps = ["web", "api", "jobs"];
const subset = fc.subarray(names, { minLength: 1 });

/** Every app goes to the environments it was given. */
function pipelineWith(membership: readonly string[][]) {
  const pipeline = pipelineOf(
    apps,
    names.map((name) => environment(name, { policy: onMain })),
  );
  for (const [index, app] of [...pipeline.apps.values()].entries()) {
    app.environments = (membership[index] ?? []).map((name) => envName(name));
  }
  return pipeline;
}

const request = fc.record({ apps: fc.subarray([...apps, "wbe"]), environments: fc.subarray([...names, "prodction"]) });

describe("membership", () => {
  it("bounds every request: an app goes nowhere but where it is declared to go", () => {
    fc.assert(
      fc.property(fc.tuple(subset, subset, subset), request, (membership, asked) => {
        const pipeline = pipelineWith(membership);
        const goes = (app: string, env: string) => membership[apps.indexOf(app)]?.includes(env) === true;
        let found: ReturnType<typeof candidatesOf>;
        try {
          found = candidatesOf(pipeline, asked);
        } catch (error) {
          const unknown = asked.apps.includes("wbe") || asked.environments.includes("prodction");
          const stray = asked.apps.some((app) => asked.environments.some((env) => !goes(app, env)));
          expect(error).toBeInstanceOf(UserError);
          expect(unknown || stray).toBe(true);
          return;
        }
        for (const { app, environment: env, explicit } of found) {
          expect(goes(app.name, env.name)).toBe(true);
          expect(explicit).toBe(asked.environments.length > 0);
        }
        // And nothing that was asked for and may go is left out.
        const wantedApps = asked.apps.length > 0 ? asked.apps : apps;
        const wantedEnvironments = asked.environments.length > 0 ? asked.environments : names;
        const pairs = wantedApps.flatMap((app) => wantedEnvironments.map((env) => [app, env] as const));
        expect(found).toHaveLength(pairs.filter(([app, env]) => goes(app, env)).length);
      }),
    );
  });

  it("holds for what is promoted by itself: only declared places get a release", () =>
    fc.assert(
      fc.asyncProperty(fc.tuple(subset, subset, subset), async (membership) => {
        const pipeline = pipelineWith(membership);
        const { repository, ports, ask } = world({ apps, pipeline, artifacts: apps.map((app) => artifactOf(app, 1)) });
        await promote(ask({ apps: [] }), ports);
        for (const [index, app] of apps.entries()) {
          for (const env of names) {
            const there = repository.text(`.glu/${app}/${env as EnvName}.json`) !== undefined;
            expect(there).toBe(membership[index]?.includes(env));
            expect(repository.text(`apps/${app}/${env}.txt`)).toContain(there ? "tag: 1.1" : "tag: none");
          }
        }
      }),
      { numRuns: 40 },
    ));
});
