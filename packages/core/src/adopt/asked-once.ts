import { OutsideError } from "../errors.ts";
import type { Digest } from "../model/names.ts";
import { oncePer } from "../once-per.ts";
import type { Registry } from "../ports/registry.ts";

/**
 * A registry that is asked for each tag once, and not again after it gave no answer: many places may have images in it,
 * and each try takes its time.
 */
export function askedOnce(registry: Registry): Registry {
  const asked = new Set<string>();
  const once = oncePer<Digest>();
  const silent = new Map<string, OutsideError>();
  return {
    async resolve(name, tag) {
      const host = name.split("/", 1)[0] ?? name;
      const key = `${name}:${tag}`;
      const gaveUp = silent.get(host);
      if (gaveUp !== undefined && !asked.has(key)) throw gaveUp;
      asked.add(key);
      try {
        return await once(key, () => registry.resolve(name, tag));
      } catch (error) {
        if (error instanceof OutsideError && error.code === "registry/unreachable") silent.set(host, error);
        throw error;
      }
    },
  };
}
