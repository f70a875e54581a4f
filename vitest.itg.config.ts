import { defineConfig, mergeConfig } from "vitest/config";
import unit, { reporters } from "./vitest.config.ts";

// The suites that need more than Node and Git: real runners, a registry, SSH, a browser. `.ci/run` installs what they
// need. A suite whose tool is missing fails and names it; it never passes.
const config = mergeConfig(
  unit,
  defineConfig({ test: { isolate: true, maxWorkers: 2, testTimeout: 120_000, hookTimeout: 120_000 } }),
);
config.test.reporters = reporters;
config.test.include = ["packages/*/src/**/*.itg.test.ts", "test/**/*.itg.test.ts"];
config.test.exclude = ["**/node_modules/**", "**/build/**"];
export default config;
