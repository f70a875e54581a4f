import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coloured, plain, plainLine } from "./plain.ts";
import { createSecrets } from "./secrets.ts";
import { trimMarkdown } from "./trim-markdown.ts";
import { colouredLogText, logJson, logText } from "./workflow-commands.ts";

describe("a registered secret", () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(..."abcXYZ019+/=%?& {\"'é_-") })
    .filter((text) => text.trim().length >= 8);

  it("is in no text, raw, in JSON, in a URL, or in base64 with anything before and after it", () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const secrets = createSecrets();
        secrets.add(value);
        const raw = secrets.redact(`${before}${value}${after}`);
        expect(raw).not.toContain(value);
        expect(secrets.redact(JSON.stringify({ value }))).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(secrets.redact(`?t=${encodeURIComponent(value)}`)).not.toContain(encodeURIComponent(value));
        const encoded = Buffer.from(`${before}${value}${after}`).toString("base64");
        expect(Buffer.from(secrets.redact(encoded).replaceAll("*", ""), "base64").toString()).not.toContain(value);
        expect(secrets.redact(encoded)).toContain("***");
      }),
    );
  });

  it("of several lines is hidden line by line, without hiding every brace", () => {
    const secrets = createSecrets();
    secrets.add('{\n  "key": "abcdefgh"\n}\n');
    expect(secrets.redact('log:   "key": "abcdefgh"')).toBe("log:   ***");
    expect(secrets.redact("{}")).toBe("{}");
  });

  it("that is blank hides nothing", () => {
    const secrets = createSecrets();
    secrets.add("");
    secrets.add("  \n");
    expect(secrets.redact("a b")).toBe("a b");
  });

  it("goes as a whole when it contains another", () => {
    const secrets = createSecrets();
    secrets.add("hunter22");
    secrets.add("hunter22-longer");
    expect(secrets.redact("x hunter22-longer y")).toBe("x *** y");
  });
});

describe("untrusted text in a log", () => {
  it("moves no cursor and sets no colour", () => {
    expect(plain("a\u001b[2J\rb\u0007\u009b31mc")).toBe("a\ufffd[2J\nb\ufffd\ufffd31mc");
    expect(plainLine("a\r\n  b\nc")).toBe("a b c");
    expect(coloured("\u001b[31mred\u001b[0m \u001b[2Jx\u001b]8;;http://e\u0007")).toBe(
      "\u001b[31mred\u001b[0m \ufffd[2Jx\ufffd]8;;http://e\ufffd",
    );
  });

  it("holds no command that a runner would obey", () => {
    expect(logText("::set-env name=A::b\nx\r ::add-mask::y\n##[error]z a##[b]")).toBe(
      ": :set-env name=A::b\nx\n : :add-mask::y\n## [error]z a## [b]",
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("::", ":", " ", "\t", "\n", "\r", "##[", "#", "[", "\u001b[0m", "\u2028", "x")),
        (parts) => {
          for (const text of [logText(parts.join("")), colouredLogText(parts.join(""))]) {
            expect(text).not.toContain("##[");
            for (const line of text.split(/\r\n|\r|\n/)) expect(line.trimStart().startsWith("::")).toBe(false);
          }
        },
      ),
    );
  });
});

describe("JSON in a log", () => {
  it("is of the same value, and no line of it is a command", () => {
    const hostile = fc
      .array(fc.constantFrom("::error::x", "##[add-mask]p", "##[", "##\\u005b", "\\", '"', "\n", "\r"))
      .map((all) => all.join(""));
    // V8 13.6 (Node 24) takes one key for another where both need escapes, so that these have none.
    const key = fc.array(fc.constantFrom("::error::x", "##[add-mask]p", "##[")).map((all) => all.join(""));
    fc.assert(
      fc.property(fc.dictionary(key, fc.array(hostile)), (value) => {
        const json = logJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(json)).toEqual(value);
        expect(json).not.toContain("##[");
        for (const line of json.split(/\r\n|\r|\n/)) expect(line.trimStart().startsWith("::")).toBe(false);
      }),
    );
  });
});

describe("text that is made to take long", () => {
  it.each([" ", "\n", " \n", "\u001b", "::", "##[", "```\n"])(
    "of a million %j ends, where what takes the square of that would not",
    (unit) => {
      const text = unit.repeat(1_000_000);
      for (const clean of [plainLine, logText, colouredLogText, (long: string) => trimMarkdown(long, 10_000)]) {
        expect(clean(text).length).toBeLessThanOrEqual(8 * text.length);
      }
    },
  );
});

describe("a summary that is too long", () => {
  it("is cut at a line, says so, and closes what is open", () => {
    const open = `# T\n<details><summary>d</summary>\n\n\`\`\`\`diff\n${"+ line\n".repeat(2000)}`;
    const cut = trimMarkdown(open, 5000);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(5000);
    expect(cut).toMatch(/\+ line\n````\n\n<\/details>\n\n> \*\*Shortened\*\*/);
  });

  it("stays below the limit whatever is in it, and a short one is not touched", () => {
    const parts = fc.constantFrom("```\n", "~~~~\n", "<details>\n", "</details>\n", "é\n", `${"x".repeat(700)}\n`);
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (list) => {
        const text = list.join("");
        const cut = trimMarkdown(text, 4000);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(4000);
        if (Buffer.byteLength(text) <= 4000) expect(cut).toBe(text);
      }),
    );
  });
});
