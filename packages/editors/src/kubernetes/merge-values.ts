import { type Bytes, UserError } from "@glu/core";
import {
  Document,
  type DocumentOptions,
  isMap,
  type Pair,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  type Tags,
  visit,
  type YAMLMap,
} from "yaml";
import { keyText } from "../yaml/stream.ts";
import { noYaml, toValue } from "./read-objects.ts";

/**
 * Two files of values as one that means to Helm what both do: maps merge, whatever else stands above replaces what is
 * below, null included. Each value stays as it was written; what is below keeps its order and its comments.
 * https://helm.sh/docs/chart_template_guide/values_files/
 */
export function mergeValues(path: string, lower: Bytes, upper: Bytes): Bytes {
  const [below, above] = [mapIn(path, lower), mapIn(path, upper)];
  merge(below.map, above.map);
  return new TextEncoder().encode(below.document.toString({ lineWidth: 0 }));
}

const unread = new Set(["timestamp", "binary", "omap", "set"].map((name) => `tag:yaml.org,2002:${name}`));

/** As Helm reads it: texts, numbers, booleans and null, in YAML 1.1; a date is a text. */
const options: ParseOptions & DocumentOptions & SchemaOptions = {
  ...{ version: "1.1", merge: true, intAsBigInt: true, logLevel: "error" },
  customTags: (tags: Tags): Tags => tags.filter((tag) => typeof tag === "string" || !unread.has(tag.tag)),
};

function mapIn(path: string, content: Bytes): { document: Document; map: YAMLMap } {
  const document = parseDocument(new TextDecoder().decode(content), options);
  const [fault] = document.errors;
  if (fault !== undefined) throw noYaml(path, fault);
  // What another place names would change with it; so each gets a value of its own.
  const whole: Document = isPlain(document)
    ? document
    : new Document(toValue(path, document), { ...options, aliasDuplicateObjects: false });
  const { contents } = whole;
  if (!isMap(contents)) {
    throw new UserError("preview/manifest", `${path} has no mapping of values.`, {
      seen: path,
      fix: "Write values as a chart takes them: key: value.",
    });
  }
  return { document: whole, map: contents };
}

/** Whether each value stands where it is, and no alias or merge key brings it there. */
function isPlain(document: Document): boolean {
  let is = true;
  visit(document, {
    Alias: () => {
      is = false;
      return visit.BREAK;
    },
    Pair: (_, { key }) => {
      if (keyText(key) !== "<<") return undefined;
      is = false;
      return visit.BREAK;
    },
  });
  return is;
}

function merge(below: YAMLMap, above: YAMLMap): void {
  for (const pair of above.items) {
    const key = keyText(pair.key);
    const found = below.items.find((one) => keyText(one.key) === key) as Pair | undefined;
    if (found === undefined) below.items.push(pair);
    else if (isMap(found.value) && isMap(pair.value)) merge(found.value, pair.value);
    else found.value = pair.value;
  }
}
