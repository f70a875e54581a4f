import {
  artifactSchema,
  diffDocumentSchema,
  doctorDocumentSchema,
  driftDocumentSchema,
  explanationDocumentSchema,
  freezeSchema,
  historyDocumentSchema,
  pinSchema,
  previewSchema,
  promotionDocumentSchema,
  recordSchema,
  removeDocumentSchema,
  tombstoneSchema,
} from "@glu/core";
import { z } from "zod";

/** A published JSON Schema: its file under `schemas/`, what it describes, and where it comes from. */
interface Published {
  name: string;
  title: string;
  schema: z.ZodType;
}

/** Add a line to publish one more. */
export const published: readonly Published[] = [
  { name: "artifact", title: "Glu release artifact", schema: artifactSchema },
  { name: "record", title: "Glu record: what is released, .glu/<app>/<env>.json", schema: recordSchema },
  { name: "pin", title: "Glu pin, .glu/<app>/<env>.pin.json", schema: pinSchema },
  { name: "decision", title: "Glu decision: the answer of promote and plan", schema: promotionDocumentSchema },
  { name: "diff", title: "Glu diff: the answer of diff", schema: diffDocumentSchema },
  { name: "doctor", title: "Glu doctor: the answer of doctor", schema: doctorDocumentSchema },
  { name: "drift", title: "Glu drift: the answer of drift", schema: driftDocumentSchema },
  { name: "explanation", title: "Glu explanation: the answer of explain", schema: explanationDocumentSchema },
  { name: "freeze", title: "Glu freeze, .glu/_freeze/<env|all>.json", schema: freezeSchema },
  { name: "history", title: "Glu history: the answer of history", schema: historyDocumentSchema },
  { name: "preview", title: "Glu preview, .glu/_previews/<app>/pr-<n>.json", schema: previewSchema },
  {
    name: "preview-closed",
    title: "Glu tombstone of a preview, .glu/_previews/<app>/pr-<n>.closed.json",
    schema: tombstoneSchema,
  },
  { name: "remove", title: "Glu remove: the answer of remove", schema: removeDocumentSchema },
];

/** One schema as JSON (draft 2020-12), of what may be written: what has a default may be left out. */
export function jsonSchema({ name, title, schema }: Published): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ $schema, $id: `https://raw.githubusercontent.com/glu/actions/v1/schemas/${name}.schema.json`, title, ...rest }, null, 2)}\n`;
}
