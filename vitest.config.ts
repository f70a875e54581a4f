import { defineConfig } from "vitest/config";

// `source` makes a test see the TypeScript of every package, without a build.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/*.itg.test.ts", "**/node_modules/**", "**/build/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/@glu\//, /@actions\/(workflow-parser|languageservice|expressions)/] } },
  },
});
