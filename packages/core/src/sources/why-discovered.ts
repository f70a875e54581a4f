import type { Discovery } from "./discover.ts";

/**
 * Why a source brought nothing, or nothing newer, and what ends that; undefined where there is nothing to explain. It says
 * what failed without the error's code.
 */
export function whyDiscovered(one: Discovery): string | undefined {
  const waits = (one.waiting ?? []).map(({ version, missing }) => `${version} waits for ${missing.join(" and ")}`);
  const said = [saidOf(one), ...waits].filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join("; ");
}

function saidOf(one: Discovery): string | undefined {
  switch (one.result) {
    case "none":
    case "incomplete":
      return one.why;
    case "moved": {
      const { name, was, is, artifact } = one.moved;
      return `${name} was ${was} (${artifact.id}) and is now ${is}; a newer version, or ignoring this one, ends it`;
    }
    case "failed":
      return [one.error.message, one.error.fix].filter(Boolean).join(" ");
    default:
      return undefined;
  }
}
