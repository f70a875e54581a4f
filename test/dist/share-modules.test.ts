import { expect, it } from "vitest";
// @ts-expect-error a script of the build, without types
import { shareModules } from "../../scripts/share-modules.mjs";

const large = (word: string) => `7: (module) => { module.exports = "${word.repeat(2000)}"; }`;
const chunk = (id: number, ...modules: string[]) =>
  `export const id = ${id};\nexport const modules = {\n${modules.join(",\n")}\n};\n`;

function shared(files: Record<string, string>): Map<string, string> {
  const all = new Map(Object.entries(files));
  shareModules(all);
  return all;
}

const modulesIn = async (files: Map<string, string>, name: string) => {
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const code = files.get(name) ?? "";
  const linked = code.replace(/"\.\/(shared-\w+\.index\.js)"/g, (_, from) =>
    JSON.stringify(asUrl(files.get(from) ?? "")),
  );
  return Object.keys((await import(asUrl(linked))).modules);
};

it("what several chunks have is in one file, and each chunk has what it had", async () => {
  const files = shared({
    "1.index.js": chunk(1, large("a"), "8: () => 1"),
    "2.index.js": chunk(2, "9: () => 2", large("a")),
  });
  const texts = [...files.values()];
  expect(texts.filter((text) => text.includes("aaaa"))).toHaveLength(1);
  expect((await modulesIn(files, "1.index.js")).sort()).toEqual(["7", "8"]);
  expect((await modulesIn(files, "2.index.js")).sort()).toEqual(["7", "9"]);
});

it("a module that is not the same in each chunk, or small, stays where it is", () => {
  const given = {
    "1.index.js": chunk(1, large("a"), "8: () => 1"),
    "2.index.js": chunk(2, large("b"), "8: () => 1"),
    "index.js": "export const modules = { 1: 2 };",
  };
  expect(Object.fromEntries(shared(given))).toEqual(given);
});

it("what is no chunk as webpack makes them is an error", () => {
  expect(() => shared({ "1.index.js": "export const id = 1;" })).toThrow("is no chunk");
});
