import { z } from "zod";

/** A path in the repository; templates in it are not rendered yet when the config is validated. */
export const pathOption = z.string().min(1);

/** Selector → value. Values are strings: YAML would have read 1.10 as 1.1 before we see it. */
export const setOption = z
  .record(z.string().min(1), z.string({ error: "Write the value as a string, in quotes." }))
  .refine((set) => Object.keys(set).length > 0, { error: "Give at least one 'selector: value'." })
  .meta({
    minProperties: 1,
    description: "Selector (image.tag, env[name=LOG_LEVEL].value, Deployment/web:spec.replicas) → value.",
  });

export const createOption = z
  .boolean()
  .default(false)
  .meta({ description: "Make the file, key or entry when it is missing." });
