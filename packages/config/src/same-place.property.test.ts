import { UserError } from "@glu/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

const apps = ["api", "web"];
const path = fc.constantFrom("shared.yaml", "{{ app }}.yaml", "{{ env }}.yaml", "{{ app }}/{{ env }}.yaml", "web.yaml");
const key = fc.constantFrom("a", "b", "{{ app }}", "{{ env }}.a", "web", "staging.a");
const entry = fc.record({ yaml: path, set: fc.uniqueArray(key, { minLength: 1, maxLength: 3 }) });
const entries = fc.array(entry, { minLength: 1, maxLength: 3 });
const writes = fc.record({ defaults: entries, api: fc.option(entries, { nil: undefined }) });
const elsewhere = fc.boolean();

it("finds that a place is set twice exactly when it is", () => {
  let refused = 0;
  fc.assert(
    fc.property(writes, elsewhere, (write, apart) => {
      const toWrite = (list: typeof write.defaults) =>
        list.map(({ yaml, set }) => ({ yaml, set: Object.fromEntries(set.map((one) => [one, "x"])) }));
      const config = {
        version: 1,
        environments: { staging: {}, production: apart ? { ref: "production" } : {} },
        defaults: { write: toWrite(write.defaults) },
        apps: { web: {}, api: write.api === undefined ? {} : { write: toWrite(write.api) } },
      };
      const places = apps.flatMap((app) =>
        ["staging", "production"].flatMap((env) => {
          const fill = (text: string) => text.replaceAll("{{ app }}", app).replaceAll("{{ env }}", env);
          const own = app === "api" ? (write.api ?? write.defaults) : write.defaults;
          const tree = apart ? env : "";
          return own.flatMap(({ yaml, set }) => set.map((one) => `${tree}:${fill(yaml)}:${fill(one)}`));
        }),
      );
      const twice = new Set(places).size < places.length;
      if (twice) refused += 1;
      expect(codeOf(JSON.stringify(config))).toBe(twice ? "config/same-place" : undefined);
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(50);
  expect(refused).toBeLessThan(450);
});

function codeOf(text: string): string | undefined {
  try {
    parseConfig({ file: "glu.yaml", text, ...offer });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}
