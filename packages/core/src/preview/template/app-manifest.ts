import type { Manifest } from "../../model/artifact.ts";
import { type Fill, fillText } from "./fill.ts";

/**
 * The chart and the values of an app's manifest, with the templates in them filled in as GimletD does it:
 * `{{ preview.host }}`, `{{ .SHA }}`. Keys stay as they are.
 * @param manifest checked: at most a few dozen levels deep
 * @throws UserError `template/…`, `preview/unsafe-value`
 */
export function filledManifest({ from, manifest }: { from: string; manifest: Manifest }, fill: Fill): Manifest {
  const { chart, values } = manifest;
  return { ...manifest, ...(filled({ chart, values }, from, fill) as Pick<Manifest, "chart" | "values">) };
}

function filled(value: unknown, from: string, fill: Fill): unknown {
  if (typeof value === "string") return fillText(value, from, fill);
  if (Array.isArray(value)) return value.map((one) => filled(one, from, fill));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, from, fill)]));
}
