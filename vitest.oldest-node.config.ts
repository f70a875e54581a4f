import { defineConfig, mergeConfig } from "vitest/config";
import unit from "./vitest.config.ts";

// What `.ci/run` runs once more, on the oldest Node that runs the bundle: the built product and README, and the sources that
// ask Node for something, be it a file, a process, a connection or the environment. What only computes uses what the
// compiler knows of ES2023, and has run on the project's own Node before.
const config = mergeConfig(unit, defineConfig({}));
config.test.include = [
  "packages/{cli,evaluate,files,git,hosts,inputs,outside,registry,secrets,wiring}/src/**/*.test.ts",
  "packages/forges/src/*.test.ts",
  "test/{bad-input,contract,dist,docs,health,release}/**/*.test.ts",
];
export default config;
