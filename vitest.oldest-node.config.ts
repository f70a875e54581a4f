import { defineConfig, mergeConfig } from "vitest/config";
import unit from "./vitest.config.ts";

// What `.ci/run` runs once more, on the oldest Node that runs the bundle: the sources, the built actions and the programs
// that read and write. Not again what takes its time by trying much, and whose course no version of Node changes: tables
// of faults, months, random histories, whole deliveries, benchmarks. Those have run on the project's own Node before.
// Nor does each file get its modules anew: that they stand alone was seen then.
const config = mergeConfig(unit, defineConfig({ test: { isolate: false } }));
config.test.exclude.push(
  "packages/forges/src/port-faults/**",
  "packages/forges/src/commits/*-faults.test.ts",
  "test/{chaos,e2e,month,properties,way-back}/**",
  "bench/**",
);
export default config;
