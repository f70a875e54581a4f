import { describe, expect, it } from "vitest";
import type { Sha } from "../model/names.ts";
import { isSealed, sealed } from "./proposal-branches.ts";

const tree = "a".repeat(40) as Sha;
const message = "Promote web to production: 1.0.0\n\nWhy.\n\nGlu-App: web\n";

describe("the seal of a proposed commit", () => {
  it("holds for the files and the words that it was made for", () => {
    expect(isSealed(sealed(message, tree), tree)).toBe(true);
    expect(isSealed(sealed(message, tree), "b".repeat(40) as Sha)).toBe(false);
    expect(isSealed(message, tree)).toBe(false);
    expect(isSealed("", tree)).toBe(false);
  });

  it.each([
    ["the subject", (text: string) => text.replace("Promote", "Really promote")],
    ["a trailer of its own", (text: string) => text.replace("Glu-App: web", "Glu-App: api")],
    ["a line below it", (text: string) => `${text}Signed-off-by: Ada <ada@example.org>\n`],
    ["a line above it", (text: string) => text.replace("Glu-Seal", "Reviewed-by: Ada\nGlu-Seal")],
  ])("is broken by whoever amends %s", (_what, amend) => {
    expect(isSealed(amend(sealed(message, tree)), tree)).toBe(false);
  });

  it("holds however a server ends lines, and the text", () => {
    const given = sealed(message, tree);
    expect(isSealed(given.trimEnd(), tree)).toBe(true);
    expect(isSealed(given.replaceAll("\n", "\r\n"), tree)).toBe(true);
  });
});
