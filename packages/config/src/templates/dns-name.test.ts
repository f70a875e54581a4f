import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sanitizeDnsName } from "./dns-name.ts";

describe("sanitizeDnsName", () => {
  it.each(["main", "a", "0", "feature-x", "a--b", "x".repeat(63)])("leaves the label %j as it is", (label) => {
    expect(sanitizeDnsName(label)).toBe(label);
  });

  it.each([
    ["feature/x", "feature-x-217d2bf5"],
    ["Feature-X", "feature-x-991d5c24"],
    ["-a-", "a-a75a468f"],
    ["", "x-e3b0c442"],
    ["äöü", "x-bc329dbf"],
  ])("makes %j the label %j", (value, label) => {
    expect(sanitizeDnsName(value)).toBe(label);
  });

  it("always gives a DNS label of at most 63 characters, the same each time", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "grapheme" })), (value) => {
        const label = sanitizeDnsName(value);
        expect(label).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
        expect(sanitizeDnsName(value)).toBe(label);
        expect(sanitizeDnsName(label)).toBe(label);
      }),
    );
  });

  it("keeps names apart that differ only in what is lost", () => {
    const lossy = fc.string({ unit: fc.constantFrom("a", "A", "-", "/", "_", "."), minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(lossy, lossy, (a, b) => {
        fc.pre(a !== b);
        expect(sanitizeDnsName(a)).not.toBe(sanitizeDnsName(b));
      }),
    );
  });
});
