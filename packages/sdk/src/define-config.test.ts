import { expect, it } from "vitest";
import { defineConfig, gate } from "./index.ts";

it("takes functions where gates decide and where releases are verified, and there only gates that can tell", () => {
  const answers = gate("answers", () => ({ met: true, seen: "it answers" }));
  const config = defineConfig({
    version: 1,
    environments: {
      staging: {
        gates: [answers, { soak: "1h" }],
        verify: { gates: [answers, { http: { url: "https://shop.example.org/" } }], "on-failure": "rollback" },
      },
      // @ts-expect-error a time says nothing of whether a release is good
      production: { verify: { gates: [{ soak: "1h" }] } },
    },
    apps: {},
  });
  expect(config.environments.staging?.verify?.gates).toContain(answers);
});
