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
  const published = new Map<unknown, z.ZodType>([
    [write.schema, write.published],
    [gate.schema, gate.published],
    [verifying.schema, verifying.published],
    [sourceEntry, publishedSource],
  ]);
  const generated = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const instead = published.get(zodSchema);
      if (instead === undefined) return;
      const { $schema: _, ...inner } = z.toJSONSchema(instead, { io: "input", unrepresentable: "any" });
      Object.assign(jsonSchema, inner);
    },
  });
  return {
    ...generated,
    title: "glu.yaml",
    description: "A delivery pipeline of Glu Actions: environments, apps, and what a promotion writes.",
    anyOf: [{ required: ["apps"] }, { required: ["discover"] }],
    patternProperties: { "^x-": { description: "Your own: a place for YAML anchors." } },
  };
}
