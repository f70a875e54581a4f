import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dotenvLimits, renderDotenv } from "./dotenv.ts";

/** Reads a dotenv report as GitLab does: every line must be `key=value`, and both are stripped. */
function gitlabReads(text: string): Record<string, string> {
  expect(Buffer.byteLength(text)).toBeLessThan(5 * 1024);
  const entries =
    text === ""
      ? []
      : text
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => /^(.*?)=(.*)$/.exec(line)!.slice(1, 3));
  for (const [key] of entries) expect(key).toMatch(/^[A-Z0-9_]+$/);
  expect(entries.length).toBeLessThanOrEqual(dotenvLimits.variables);
  return Object.fromEntries(entries.map(([key, value]) => [key!.trim(), value!.trim()]));
}

describe("GitLab's dotenv report", () => {
  it("has outputs in upper case under our prefix", () => {
    const { text, left } = renderDotenv({ "artifact-id": "20261121t070000z-0123456789ab", environments: '{"a":1}' });
    expect(text).toBe('GLU_ARTIFACT_ID=20261121t070000z-0123456789ab\nGLU_ENVIRONMENTS={"a":1}\n');
    expect(left).toEqual([]);
  });

  it("leaves out what GitLab would change or refuse, and says why", () => {
    const { text, left } = renderDotenv({ a: "x\ny", b: "$HOME", c: " x", big: "x".repeat(6000), ok: "1" });
    expect(text).toBe("GLU_OK=1\n");
    expect(left.map(({ name }) => name)).toEqual(["a", "b", "c", "big"]);
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`n${index}`, "x"]));
    expect(renderDotenv(many).left).toHaveLength(5);
  });

  it("gives back each value as it was, or not at all", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 30 }), (outputs) => {
        const { text, left } = renderDotenv(outputs);
        const read = gitlabReads(text);
        const kept = Object.keys(outputs).filter((name) => !left.some((one) => one.name === name));
        expect(Object.values(read)).toEqual(kept.map((name) => outputs[name]));
      }),
    );
  });
});
