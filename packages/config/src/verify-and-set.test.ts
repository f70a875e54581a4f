import { type EnvName, UserError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

const parse = (environments: string) =>
  parseConfig({
    file: "glu.yaml",
    text: `version: 1\nenvironments:\n${environments}\napps: { web: { write: [{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }] } }\n`,
    ...offer,
  });

function mistake(environments: string): string {
  try {
    parse(environments);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.at?.line} ${error.code} ${error.message} ${error.fix}`;
  }
  throw new Error("it was accepted");
}

const gate = 'http: { url: "https://example.org/" }';
const staging = (verify: string) => `  staging: { verify: { ${verify} } }`;
const at = (environments: ReturnType<typeof parse>["environments"], name: string) => environments.get(name as EnvName);

describe("verify", () => {
  it("is gates with a time and what follows, which have defaults", () => {
    const { environments } = parse(staging(`gates: [{ ${gate} }]`));
    expect(at(environments, "staging")?.verify).toMatchObject({
      gates: [{ name: "http", at: { path: "environments.staging.verify.gates[0].http", line: 3 } }],
      within: 15 * 60_000,
      onFailure: "hold",
    });
    const spelled = parse(staging(`gates: [{ ${gate} }], within: 1h30m, on-failure: rollback`)).environments;
    expect(at(spelled, "staging")?.verify).toMatchObject({ within: 90 * 60_000, onFailure: "rollback" });
  });

  it.each([
    ["gates: []", "config/value"],
    ["within: 5m", "config/missing-key"],
    [`gates: [{ ${gate} }], within: 0s`, "config/value"],
    [`gates: [{ ${gate} }], within: soon`, "config/value"],
    [`gates: [{ ${gate} }], on-failure: retry`, "config/value"],
    [`gates: [{ ${gate} }], onFailure: hold`, "config/unknown-key"],
    ["gates: [{ soak: 5m }]", "config/unknown-gate"],
  ])("is refused as %s", (verify, code) => {
    expect(mistake(staging(verify))).toContain(` ${code} `);
  });

  it("says which gates can tell of a release that it is good", () => {
    expect(mistake(staging("gates: [{ window: { allow: [] } }]"))).toMatch(
      /^3 .*is not a gate that can tell of a release that it is good.*The gates are .*http/,
    );
  });

  it("says where a gate belongs that only says what may be promoted", () => {
    expect(mistake(staging("gates: [{ soak: 1h }]"))).toContain("It says what may be promoted: write it under gates");
    expect(mistake(staging("gates: [{ htttp: {} }]"))).toContain('Did you mean "http"?');
  });

  it("decides what counts further down", () => {
    const more = (follows: string) => `  staging: { verify: { gates: [{ ${gate} }], on-failure: ${follows} } }
  other: {}
  production: { from: [staging, other] }`;
    const counts = (follows: string) => at(parse(more(follows)).environments, "production")?.from?.counts;
    expect(counts("rollback")).toEqual(new Map([["staging", "healthy"]]));
    expect(counts("notify")).toEqual(new Map([["staging", "released"]]));
    const plain = parse("  staging: {}\n  production: { from: staging }").environments;
    expect(at(plain, "production")?.from?.counts).toBeUndefined();
  });

  it("makes automatic promotion to production safe, where all that it comes from is verified", () => {
    const production = (from: string) => `  other: {}\n  production: { from: ${from}, auto: newest, tier: production }`;
    const verified = staging(`gates: [{ ${gate} }]`);
    expect(() => parse(`${verified}\n${production("staging")}`)).not.toThrow();
    expect(() => parse(`${verified}\n${production("[staging, other]")}`)).not.toThrow();
    const told = staging(`gates: [{ ${gate} }], on-failure: notify`);
    expect(mistake(`${told}\n${production("staging")}`)).toContain("config/unsafe-automation");
    expect(mistake(`${verified}\n${production("{ any: [staging, other] }")}`)).toContain("config/unsafe-automation");
  });
});

describe("set", () => {
  it("is of one upstream, by itself or by request", () => {
    for (const more of ["", ", auto: upstream"]) {
      const { environments } = parse(`  staging: {}\n  production: { from: staging, set: true${more} }`);
      expect(at(environments, "production")).toMatchObject({ set: true });
    }
    const without = parse("  staging: {}\n  production: { from: staging, set: false }").environments;
    expect(at(without, "production")).not.toHaveProperty("set");
  });

  it.each([
    ["set: true", "has no upstream"],
    ["set: true, from: [staging, other]", "more than one upstream"],
    ["set: true, from: staging, auto: newest", "need not be the newest"],
    ["set: true, from: staging, policy: { branch: main }", "a policy would pick from it"],
  ])("is refused as %s", (more, why) => {
    const found = mistake(`  staging: {}\n  other: {}\n  production: { ${more} }`);
    expect(found).toContain("5 config/set ");
    expect(found).toContain(why);
  });
});
