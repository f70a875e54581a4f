import { z } from "zod";
import { grammar, type Offer } from "./grammar/grammar.ts";
import { publishedSource, sourceEntry } from "./grammar/source.ts";

/** A JSON Schema document. */
export type JsonSchema = Record<string, unknown>;

/**
 * The JSON Schema (draft 2020-12) of `glu.yaml` for editors. It refuses nothing that `parseConfig` accepts; what only
 * the whole file shows, such as an unknown environment, it cannot know.
 */
export function configJsonSchema(offer: Offer): JsonSchema {
  const { schema, write, gate, verifying } = grammar(offer);
  // What stands in several places is spelt out once.
  const $defs: JsonSchema = { write: plain(write.published) };
  for (const [name, entry] of gate.published) $defs[gateName(name)] = plain(entry);
  const published = new Map<unknown, JsonSchema>([
    [write.schema, { $ref: "#/$defs/write" }],
    [gate.schema, oneOfGates([...gate.published.keys()])],
    [verifying.schema, oneOfGates([...verifying.published.keys()])],
    [sourceEntry, plain(publishedSource)],
  ]);
  const generated = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, published.get(zodSchema));
    },
  });
  return {
    ...generated,
    title: "glu.yaml",
    description: "A delivery pipeline of Glu Actions: environments, apps, and what a promotion writes.",
    anyOf: [{ required: ["apps"] }, { required: ["discover"] }],
    patternProperties: { "^x-": { description: "Your own: a place for YAML anchors." } },
    $defs,
  };
}

function plain(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...inner } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return inner;
}

const gateName = (gate: string): string => `gate-${gate}`;

function oneOfGates(names: readonly string[]): JsonSchema {
  const refs = names.map((name) => ({ $ref: `#/$defs/${gateName(name)}` }));
  return refs.length === 0 ? { not: {} } : { anyOf: refs };
}
