import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Sha } from "../model/names.ts";
import { isSealed, sealed } from "./proposal-branches.ts";

const ada = { name: "Ada", email: "ada@example.org" };
const tree = "a".repeat(40) as Sha;
const message = "Promote web to production: 1.0.0\n\nWhy.\n\nGlu-App: web\n";

describe("the seal of a proposed commit", () => {
  it("holds for the files and the words that it was made for", () => {
    expect(isSealed(sealed(message, tree, ada), tree, ada)).toBe(true);
    expect(isSealed(sealed(message, tree, ada), "b".repeat(40) as Sha, ada)).toBe(false);
    expect(isSealed(message, tree, ada)).toBe(false);
    expect(isSealed("", tree, ada)).toBe(false);
  });

  it.each([
    ["the subject", (text: string) => text.replace("Promote", "Really promote")],
    ["a trailer of its own", (text: string) => text.replace("Glu-App: web", "Glu-App: api")],
    ["a line below it", (text: string) => `${text}Signed-off-by: Ada <ada@example.org>\n`],
    ["a line above it", (text: string) => text.replace("Glu-Seal", "Reviewed-by: Ada\nGlu-Seal")],
  ])("is broken by whoever amends %s", (_what, amend) => {
    expect(isSealed(amend(sealed(message, tree, ada)), tree, ada)).toBe(false);
  });

  it.each([
    ["another name", { ...ada, name: "Grace" }],
    ["another address", { ...ada, email: "grace@example.org" }],
    ["both in one", { name: `${ada.name} <${ada.email}>`, email: "" }],
  ])("is broken by whoever gives the commit an author of %s", (_what, author) => {
    expect(isSealed(sealed(message, tree, ada), tree, author)).toBe(false);
  });

  it.each([
    ["Ada Lovelace, Jr.", "Ada Lovelace, Jr"],
    [" 'Ada'\n", "Ada"],
    ["Ada <the first>", "Ada  the first"],
    ["<>", "unknown"],
  ])("knows the author %j where Git makes %j of it", (name, made) => {
    expect(isSealed(sealed(message, tree, { ...ada, name }), tree, { ...ada, name: made })).toBe(true);
  });

  it("holds for what was sealed without an author", () => {
    const seal = createHash("sha256")
      .update([tree, ...message.trimEnd().split(/\s*\n/)].join("\n"))
      .digest("hex");
    expect(isSealed(`${message}Glu-Seal: ${seal}\n`, tree, ada)).toBe(true);
  });

  it("holds however a server ends lines, and the text", () => {
    const given = sealed(message, tree, ada);
    expect(isSealed(given.trimEnd(), tree, ada)).toBe(true);
    expect(isSealed(given.replaceAll("\n", "\r\n"), tree, ada)).toBe(true);
  });
});
