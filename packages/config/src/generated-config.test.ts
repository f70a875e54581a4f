import type { Pipeline } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { offer } from "../test/offer.ts";
import { withoutLines } from "../test/without-lines.ts";
import { parseConfig } from "./parse-config.ts";
import { printConfig } from "./print-config.ts";

// Also names that JavaScript would sort (digits) or that YAML 1.1 reads as another type (no, on).
const name = fc
  .oneof(
    fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,12}[a-z0-9])?$/),
    fc.constantFrom("1", "42", "no", "on", "null", "1e3"),
  )
  .filter((one) => one !== "all");
const glob = fc.stringMatching(/^!?[a-z*][a-z0-9/*.#: -]{0,10}[a-z*]$/);
const oneOrMany = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const policy = fc
  .record(
    {
      event: oneOrMany(fc.constantFrom("push", "tag", "!pr", "release")),
      branch: oneOrMany(glob),
      tag: oneOrMany(glob),
      message: oneOrMany(glob),
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0);

/** Environments whose edges go to earlier ones, as the config writes them. */
const environments = fc.uniqueArray(name, { minLength: 1, maxLength: 6 }).chain((names) =>
  fc.tuple(
    ...names.map((own, index) =>
      fc.tuple(
        fc.constant(own),
        fc.record({
          upstream: fc.subarray(names.slice(0, index)),
          mode: fc.constantFrom("all" as const, "any" as const),
          policy: fc.option(oneOrMany(policy), { nil: undefined }),
          accept: fc.option(oneOrMany(policy), { nil: undefined }),
          tier: fc.constantFrom(undefined, "staging", "other"),
          soak: fc.constantFrom(undefined, "30m", "1d"),
        }),
      ),
    ),
  ),
);

const apps = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });

const many = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const lists = (one: object) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, many(value)]));

describe("any valid config", () => {
  it("becomes the model that says the same, in the same order", () => {
    fc.assert(
      fc.property(environments, apps, fc.boolean(), fc.boolean(), (generated, appNames, flow, crlf) => {
        const file = {
          version: 1,
          environments: new Map(
            generated.map(([own, { upstream, mode, policy, accept, tier, soak }]) => [
              own,
              {
                ...(policy === undefined ? {} : { policy }),
                ...(accept === undefined ? {} : { accept }),
                ...(upstream.length === 0 ? {} : { from: mode === "any" ? { any: upstream } : upstream }),
                ...(tier === undefined ? {} : { tier }),
                ...(soak === undefined || upstream.length === 0 ? {} : { gates: [{ soak }] }),
              },
            ]),
          ),
          apps: new Map(
            appNames.map((own) => [
              own,
              { write: [{ yaml: `${own}/{{ env }}.yaml`, set: { tag: "{{ version.tag }}" } }] },
            ]),
          ),
        };
        const yaml = stringify(file, { collectionStyle: flow ? "flow" : "any", lineWidth: 60 });
        const text = crlf ? yaml.replaceAll("\n", "\r\n") : yaml;
        const pipeline: Pipeline = parseConfig({ file: "glu.yaml", text, ...offer });

        expect(withoutLines(pipeline).environments).toEqual(
          generated.map(([own, { upstream, mode, policy, accept, tier, soak }]) => ({
            name: own,
            tier,
            policy: many(policy).map(lists),
            accept: many(accept).map(lists),
            from: upstream.length === 0 ? undefined : { mode, environments: upstream },
            gates:
              soak === undefined || upstream.length === 0
                ? []
                : [{ name: "soak", options: soak, at: expect.stringMatching(/\.gates\[0\]\.soak$/) }],
            repository: undefined,
            ref: undefined,
          })),
        );
        const order = generated.map(([own]) => own);
        expect([...pipeline.apps.values()].map((one) => [one.name, one.environments])).toEqual(
          appNames.map((own) => [own, order]),
        );
        // What is printed reads as the same, and is printed as the same.
        const printed = printConfig({ text });
        expect(withoutLines(parseConfig({ file: "glu.yaml", text: printed, ...offer }))).toEqual(
          withoutLines(pipeline),
        );
        expect(printConfig({ text: printed })).toBe(printed);
      }),
      { numRuns: 100 },
    );
  });

  it("has no app in an environment that could never take anything of it", () => {
    const some = environments.chain((all) => {
      const names = all.map(([own]) => own);
      return fc.tuple(fc.constant(all), fc.subarray(names, { minLength: 1 }));
    });
    fc.assert(
      fc.property(some, ([generated, chosen]) => {
        const from = (upstream: string[], mode: "all" | "any") =>
          upstream.length === 0 ? {} : { from: { [mode]: upstream } };
        const text = stringify({
          version: 1,
          environments: new Map(generated.map(([own, { upstream, mode }]) => [own, from(upstream, mode)])),
          apps: { web: { environments: chosen, write: [{ yaml: "{{ env }}.yaml", set: { tag: "x" } }] } },
        });
        // What can be released where, in the order of the edges.
        const reached = new Set<string>();
        for (const [own, { upstream, mode }] of generated) {
          const ready = upstream.filter((one) => reached.has(one)).length;
          const enough = upstream.length === 0 || (mode === "any" ? ready > 0 : ready === upstream.length);
          if (chosen.includes(own) && enough) reached.add(own);
        }
        const parse = () => parseConfig({ file: "glu.yaml", text, ...offer });
        if (reached.size === chosen.length) expect(parse).not.toThrow();
        else expect(parse).toThrow(expect.objectContaining({ code: "config/unreachable-environment" }));
      }),
    );
  });

  it("gives an error of ours, with a position inside the file, however its text is damaged", () => {
    const valid = stringify({
      version: 1,
      environments: { staging: { policy: { event: "push" } }, production: { from: "staging", tier: "production" } },
      apps: {
        web: { images: { web: "ghcr.io/acme/web" }, write: [{ yaml: "{{ app }}/{{ env }}.yaml", set: { a: "b" } }] },
      },
    });
    const damage = fc.tuple(
      fc.nat(valid.length),
      fc.nat(12),
      fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom("*", "&a ", "!x ", "{{", "<<: ", "\t", "\n", "- ", "? ", "__proto__: "),
      ),
    );
    fc.assert(
      fc.property(damage, ([at, cut, insert]) => {
        const text = valid.slice(0, at) + insert + valid.slice(at + cut);
        try {
          parseConfig({ file: "glu.yaml", text, ...offer });
        } catch (error) {
          expect(error).toMatchObject({ name: "GluError", kind: "usage", code: expect.stringMatching(/^config\//) });
          const { at: place, fix } = error as { at: { line: number; column: number }; fix: string };
          expect(fix).toMatch(/\S/);
          expect(place.line).toBeLessThanOrEqual(text.split("\n").length);
          expect(place.column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 800 },
    );
  });
});
