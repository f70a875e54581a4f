import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import type { InlineConfig } from "vitest/node";
import { LongestFirst } from "./test/tools/longest-first.ts";
import { sayWhatWasNotRun } from "./test/tools/not-run.ts";

/** GitHub's parsers import JSON in a way that only a bundler takes, so they are transformed as our own code is. */
const parsers = /@actions\/(workflow-parser|languageservice|expressions)/;

// Where .ci/run wants the JSON report; nowhere otherwise.
const report = process.env.GLU_TEST_REPORT;
export const reporters: NonNullable<InlineConfig["reporters"]> =
  report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]];

// `source` makes a test see the TypeScript of every package, without a build.
export default defineConfig({
  plugins: [
    {
      // Their source maps name sources that are not published; each would be a warning.
      name: "without-their-source-maps",
      load: (id) =>
        parsers.test(id) && id.endsWith(".js") ? { code: readFileSync(id, "utf8"), map: { mappings: "" } } : undefined,
    },
  ],
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    exclude: ["**/*.itg.test.ts", "**/node_modules/**", "**/build/**"],
    reporters: [...reporters, sayWhatWasNotRun],
    // Many wait for a server or a process of theirs: two workers leave a machine of two cores idle for a quarter of the time.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // Loading the modules anew for each file would take a seventh of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@glu\//, parsers] } },
  },
});
