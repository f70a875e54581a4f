import type { Write } from "../model/pipeline.ts";

/** A write as one for each value that it sets, so that one mistake hides no other. */
export function valueByValue(write: Write): Write[] {
  const { set } = write.options;
  if (typeof set !== "object" || set === null || Object.keys(set).length < 2) return [write];
  return Object.entries(set).map(([key, value]) => ({
    ...write,
    options: { ...write.options, set: { [key]: value } },
  }));
}
