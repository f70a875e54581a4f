import { UserError } from "@glu/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

// The first that writes what `defaults` says may stand for all; `staging` is a name of both kinds.
const apps = ["db", "web", "api", "staging"];
const paths = [
  ...["shared.yaml", "{{ app }}.yaml", "{{ env }}.yaml", "{{ app }}/{{ env }}.yaml", "web.yaml"],
  ...["apps/{{ app }}/x.yaml", "apps/{{ app }}-{{ env }}/x.yaml", "apps/web/x.yaml"],
];
/** Where all apps are apart, or only nearly. */
const apart = [
  ...["apps/{{ app }}/{{ app }}/x.yaml", "apps/{{ app }}/web/x.yaml", "apps/{{ app }}/{{ env }}/x.yaml"],
  ...["apps/{{ env }}/{{ app }}/x.yaml", "apps/{{ app }}/staging/x.yaml", "apps/web/{{ app }}/x.yaml"],
];
const keys = ["a", "b", "{{ app }}", "{{ env }}.a", "web", "staging.a"];
const writesOf = (path: readonly string[], key: readonly string[]) => {
  const set = fc.uniqueArray(fc.constantFrom(...key), { minLength: 1, maxLength: 3 });
  const entry = fc.record({ yaml: fc.constantFrom(...path), set });
  const entries = fc.array(entry, { minLength: 1, maxLength: 3 });
  return fc.record({ defaults: entries, api: fc.option(entries, { nil: undefined }) });
};
const writes = fc.oneof(writesOf([...paths, ...apart], keys), writesOf(apart, ["a", "b", "c", "d"]));
const elsewhere = fc.boolean();

it("finds that a place is set twice exactly when it is", () => {
  let refused = 0;
  fc.assert(
    fc.property(writes, elsewhere, (write, isApart) => {
      const toWrite = (list: typeof write.defaults) =>
        list.map(({ yaml, set }) => ({ yaml, set: Object.fromEntries(set.map((one) => [one, "x"])) }));
      const config = {
        version: 1,
        environments: { staging: {}, production: isApart ? { ref: "production" } : {} },
        defaults: { write: toWrite(write.defaults) },
        apps: { db: {}, web: {}, staging: {}, api: write.api === undefined ? {} : { write: toWrite(write.api) } },
      };
      const places = apps.flatMap((app) =>
        ["staging", "production"].flatMap((env) => {
          const fill = (text: string) => text.replaceAll("{{ app }}", app).replaceAll("{{ env }}", env);
          const own = app === "api" ? (write.api ?? write.defaults) : write.defaults;
          const tree = isApart ? env : "";
          return own.flatMap(({ yaml, set }) => set.map((one) => `${tree}:${fill(yaml)}:${fill(one)}`));
        }),
      );
      const twice = new Set(places).size < places.length;
      if (twice) refused += 1;
      expect(codeOf(JSON.stringify(config))).toBe(twice ? "config/same-place" : undefined);
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(200);
  expect(refused).toBeLessThan(1800);
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
