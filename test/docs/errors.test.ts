import { describe, expect, it } from "vitest";
import { explanationOf } from "../../packages/wiring/src/documentation.ts";
import { filesOf, read } from "./pages.ts";

const exitCodes = { UserError: "2", RefusedError: "3", OutsideError: "4" } as const;
type Kind = keyof typeof exitCodes;

const sources = filesOf("packages/*.ts").filter(
  (path) => /\/src\//.test(path) && !/\.test\.ts$|\/golden\/|\/test-kit\/|^packages\/testing\//.test(path),
);

/** Codes that are put together when they are thrown, with what the page calls them. */
const computed: Record<string, readonly string[]> = {
  "config/unknown-${kind}": ["config/unknown-app", "config/unknown-environment"],
  "usage/${code}": ["usage/…"],
};
/** `edit/forbidden-path` of the config's own check. */
const renamed = ["config/forbidden-path"];

/** Code → exit codes, of everything that is thrown. */
const thrown = new Map<string, Set<string>>();
/** Codes that stand as text: of gates, of refused edits, of findings in the config. */
const literals = new Set<string>(renamed);

for (const path of sources) {
  const text = read(path);
  for (const [, kind, quote, rest = ""] of text.matchAll(
    /new (UserError|RefusedError|OutsideError)\(\s*(["'`])(.*)/g,
  )) {
    // A code ends at the quote that is followed by the next argument.
    const code = rest.slice(0, rest.search(new RegExp(`${quote}(?:,|$)`)));
    for (const one of computed[code] ?? [code]) {
      thrown.set(one, (thrown.get(one) ?? new Set()).add(exitCodes[kind as Kind]));
    }
  }
}
const gates = [
  ...[
    "accept",
    "actor",
    "adopt",
    "command",
    "drift",
    "edit",
    "freeze",
    "from",
    "http",
    "images",
    "item",
    "manifest",
    "order",
    "pin",
    "rate",
    "rejected",
    "set",
    "soak",
    "window",
  ],
];
const groups = new Set([...gates, "source", "verify", ...[...thrown.keys()].map((code) => code.split("/")[0] ?? "")]);
for (const path of sources) {
  for (const [, group = "", name = ""] of read(path).matchAll(/"([a-z]+)\/([a-z]+(?:-[a-z]+)*)"/g)) {
    if (groups.has(group)) literals.add(`${group}/${name}`);
  }
}

interface Entry {
  code: string;
  heading: string;
  /** Undefined under a heading whose table has no such column. */
  exit: string | undefined;
  texts: string[];
}

const entries: Entry[] = read("docs/errors.md")
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const hasExit = section.includes("| Code | Exit |");
    const heading = section.split("\n", 1)[0] ?? "";
    return [...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, code = "", rest = ""]): Entry => {
      const cells = rest.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { code, heading, exit: hasExit ? cells[0] : undefined, texts: cells };
    });
  });

const codes = [...new Set([...thrown.keys(), ...literals])].sort();

describe("docs/errors.md", () => {
  it("was compared with real codes", () => {
    expect(codes.length).toBeGreaterThan(120);
    expect(thrown.get("repository/contention")).toEqual(new Set(["4"]));
  });

  it("has every code that Glu can give, once, and no other", () => {
    expect(entries.map(({ code }) => code).sort()).toEqual(codes);
  });

  it.each(entries.filter(({ code }) => thrown.has(code)))(
    "has $code where a failure's link leads",
    ({ code, heading }) => {
      expect(explanationOf(code)).toMatch(new RegExp(`/docs/errors\\.md#${heading}$`));
    },
  );

  it.each(entries.filter(({ code }) => thrown.has(code)))("says the exit code of $code", ({ code, exit }) => {
    if (exit !== undefined) expect(exit.split(", ").sort()).toEqual([...(thrown.get(code) ?? [])].sort());
  });

  it.each(entries)("says what $code means and what to do", ({ texts }) => {
    for (const text of texts) expect(text).not.toBe("");
  });
});
