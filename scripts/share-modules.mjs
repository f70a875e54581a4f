import { createHash } from "node:crypto";
import { parse } from "acorn";

/** What is smaller costs less twice than a file of its own. */
const least = 1_500;

/**
 * Webpack leaves a small module in each chunk that needs it, and ncc does not let that be changed. What several chunks
 * have is moved into a file that they import, one for each set of chunks. The same chunks give the same files.
 * @param {Map<string, string>} files by name; chunks are `<number>.index.js`
 */
export function shareModules(files) {
  const chunks = [...files].filter(([name]) => /^\d+\.index\.js$/.test(name)).map(([name, code]) => read(name, code));
  const holders = new Map();
  for (const { name, modules } of chunks) {
    for (const { text } of modules) holders.set(text, [...(holders.get(text) ?? []), name]);
  }
  const groups = new Map();
  for (const [text, names] of holders) {
    if (names.length < 2) continue;
    const key = names.sort().join(" ");
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  const shared = new Map();
  for (const texts of groups.values()) {
    const body = texts.sort().join(",\n");
    if (body.length < least) continue;
    const name = `shared-${createHash("sha256").update(body).digest("hex").slice(0, 8)}.index.js`;
    files.set(name, `export const modules = {\n${body}\n};\n`);
    for (const text of texts) shared.set(text, name);
  }
  for (const { name, code, object, modules } of chunks) {
    const imported = [...new Set(modules.flatMap(({ text }) => shared.get(text) ?? []))].sort();
    if (imported.length === 0) continue;
    const own = modules.filter(({ text }) => !shared.has(text)).map(({ text }) => text);
    const imports = imported.map((from, index) => `import { modules as shared${index} } from "./${from}";\n`).join("");
    const all = [...imported.map((_, index) => `...shared${index}`), ...own].join(",\n");
    files.set(name, `${imports}${code.slice(0, object.start)}{\n${all}\n}${code.slice(object.end)}`);
  }
}

/** The modules of a chunk, each as it stands there. */
function read(name, code) {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const declared = body.flatMap(({ declaration }) => declaration?.declarations ?? []);
  const object = declared.find(({ id }) => id.name === "modules")?.init;
  if (object?.type !== "ObjectExpression") throw new Error(`dist/${name} is no chunk as webpack makes them.`);
  const modules = object.properties.map(({ start, end }) => ({ text: code.slice(start, end) }));
  return { name, code, object, modules };
}
