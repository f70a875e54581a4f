import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appName } from "../model/names.ts";
import { dnsLabel, hostWithin, previewName } from "./names.ts";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Names as tools and people give them: long, alike up to their ends, of many scripts, and of what others are made into. */
function branches(count: number): string[] {
  const words = ["feature/", "feature-", "FEATURE/", "fix#", "renovate/npm-", "dependabot/npm_and_yarn/", "機能/", "é"];
  const fills = ["", "x".repeat(47), "x".repeat(70), "a-very-long-description-of-what-this-is-about-".repeat(3)];
  return Array.from({ length: count }, (_, at) => {
    const [word = "", fill = ""] = [words[at % words.length], fills[Math.floor(at / words.length) % fills.length]];
    return `${word}${fill}${at.toString(36)}${at % 7 === 0 ? "_" : ""}`;
  });
}

describe("names of previews", () => {
  it("50,000 branches in several apps make as many labels, all valid, however short they must be", () => {
    for (const longest of [63, 40, 17]) {
      const made = new Set<string>();
      const names = branches(50_000);
      for (const name of names) made.add(dnsLabel(name, longest));
      expect([...made].filter((one) => one.length > longest || !label.test(one))).toEqual([]);
      expect(made.size).toBe(names.length);
    }
  });

  it("two pull requests never have one name, whatever their apps are called", () => {
    const app = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/).map((name) => appName(name));
    const number = fc.integer({ min: 1, max: 9_999_999 });
    fc.assert(
      fc.property(fc.tuple(app, number), fc.tuple(app, number), ([a, n], [b, m]) => {
        fc.pre(a !== b || n !== m);
        const [one, other] = [previewName(a, n), previewName(b, m)];
        expect(one).toMatch(label);
        expect(one).not.toBe(other);
      }),
    );
  });

  it("nobody can choose the name that another's hash makes", () => {
    const taken = dnsLabel("feature/x");
    expect(dnsLabel(taken)).not.toBe(taken);
  });

  it("a valid label stays as it is", () => {
    expect(dnsLabel("feature-x")).toBe("feature-x");
    expect(previewName(appName("web"), 7)).toBe("web-pr-7");
  });
});

describe("the host of a preview", () => {
  it("has room for its names: they are shortened, and stay different", () => {
    const around = `.${"sub.".repeat(45)}example.com`;
    const app = "a".repeat(60);
    const of = (number: number) => hostWithin((longest) => previewName(appName(app), number, longest) + around);
    const [one, other] = [of(1234), of(1235)];
    expect(one.length).toBeLessThanOrEqual(253);
    expect(one).not.toBe(other);
    expect(one.split(".").every((part) => label.test(part))).toBe(true);
  });

  it("counts what stands beside a name in the same part", () => {
    const host = hostWithin(
      (longest) => `web-${previewName(appName("b".repeat(50)), 12_345_678, longest)}-x.example.com`,
    );
    expect(host.split(".")[0]?.length).toBeLessThanOrEqual(63);
  });

  it.each([
    ["no room is left", (longest: number) => `${"p".repeat(50)}-${dnsLabel("a".repeat(80), longest)}.example.com`],
    ["all of it is too long", () => `${"p.".repeat(127)}com`],
    ["a part is empty", () => "a..example.com"],
    ["a letter is none of a host", () => "web_1.example.com"],
    ["it is an address", () => "https://web.example.com"],
  ])("is refused when %s", (_, render) => {
    expect(() => hostWithin(render)).toThrow(expect.objectContaining({ code: "preview/host" }));
  });
});
