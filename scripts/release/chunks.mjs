// Which files of dist/ an entry needs, read from the bundle itself: webpack loads a chunk by `require.e(<id>)`, and a chunk
// imports what it shares with others.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";

/** Every file that is part of any entry's copy. */
const always = ["LICENSES.txt", "index.js", "package.json"];

/**
 * The files of dist/ that `<entry>.js` may load, now or later, sorted.
 *
 * @throws when the bundle does not look as expected, rather than give too few
 */
export function filesOf(dist, entry) {
  const loaders = commandsOf(dist).get(entry);
  if (loaders === undefined) throw new Error(`dist/index.js has no command ${entry}.`);
  const found = new Set();
  const visit = (files) => {
    for (const file of files) {
      if (found.has(file)) continue;
      found.add(file);
      const tree = parseFile(dist, file);
      visit([...chunksIn(tree).map(fileOf), ...importsIn(tree)]);
    }
  };
  visit([...loaders.map(fileOf), ...importsIn(parseFile(dist, "index.js"))]);
  return [...always, `${entry}.js`, ...found].sort();
}

/** The table of commands in the entry: `{ promote: () => require.e(490).then(…), … }`. */
function commandsOf(dist) {
  const commands = new Map();
  walk(parseFile(dist, "index.js"), (node) => {
    if (node.type !== "Property" || node.value.type !== "ArrowFunctionExpression") return;
    const ids = chunksIn(node.value);
    if (ids.length > 0) commands.set(node.key.name ?? node.key.value, ids);
  });
  return commands;
}

function parseFile(dist, file) {
  return parse(readFileSync(join(dist, file), "utf8"), { ecmaVersion: "latest", sourceType: "module" });
}

function chunksIn(tree) {
  const ids = [];
  walk(tree, ({ type, callee, arguments: given }) => {
    if (type !== "CallExpression" || callee.type !== "MemberExpression" || callee.property.name !== "e") return;
    if (given.length === 1 && Number.isInteger(given[0].value)) ids.push(given[0].value);
  });
  return ids;
}

const fileOf = (id) => `${id}.index.js`;

/** What a chunk imports at its head: modules that it shares with others. */
function importsIn(tree) {
  return tree.body.flatMap(({ type, source }) => {
    if (type !== "ImportDeclaration" || !source.value.startsWith("./")) return [];
    return [source.value.slice("./".length)];
  });
}

function walk(node, visit) {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (typeof node?.type === "string") {
    visit(node);
    for (const child of Object.values(node)) if (typeof child === "object" && child !== null) walk(child, visit);
  }
}
