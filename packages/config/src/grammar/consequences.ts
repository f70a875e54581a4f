import type { Finding } from "./explain-issue.ts";

/**
 * Leaves out what only follows from a misspelt key: that the key it should have been is missing, and that the mapping
 * it stands in says nothing.
 */
export function withoutConsequences(findings: readonly Finding[]): Finding[] {
  const unknown = findings
    .filter(({ code }) => code === "config/unknown-key")
    .map(({ path, fix }) => ({ parent: JSON.stringify(path.slice(0, -1)), fix }));
  return findings.filter(({ code, path, message }) => {
    if (code === "config/unknown-key") return true;
    if (code === "config/missing-key") {
      const [parent, key] = [JSON.stringify(path.slice(0, -1)), `Did you mean ${JSON.stringify(path.at(-1))}?`];
      return !unknown.some((one) => one.parent === parent && one.fix === key);
    }
    return !(message.includes(" must have ") && unknown.some((one) => one.parent === JSON.stringify(path)));
  });
}
