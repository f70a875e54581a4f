// Reports in which every text from outside is what an attacker would like to write.
import { type Artifact, type GateResult, GluError, OutsideError } from "@glu/core";
import type { Links, Report } from "../report.ts";
import { bytes, scenarios } from "./scenarios.ts";

/** Texts that try to become markup, links, mentions, code, commands or terminal control. */
export const hostileTexts: readonly string[] = [
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "</details></table></code></pre><h1>gone",
  "a | b || c \\| d",
  "`code` ``two`` ```three",
  "```\n# heading\n```",
  "[text](javascript:alert(1)) ![image](https://evil.example/x.png)",
  "[ref]: https://evil.example\n[ref]",
  "@octocat @acme/team cc: a@b.example",
  "#123 GH-123 acme/frontend#1 !7 $8 %9 ~bug &3 ^x :tada: [issue:5]",
  "https://evil.example www.evil.example ftp://evil.example mailto:a@b.example",
  "end; click n0 call alert() \"] --> x[\"y",
  "%%{init: {'theme':'forest'}}%% #quot; #35; &quot; n1:::bad",
  "subgraph end graph TD style n0 fill:#f00; linkStyle 0 stroke:#f00;",
  "1. one\n2. two\n- three\n> quote\n# head\n---",
  "\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u0007 \u0008\u0008",
  "\u202egnp.exe\u202c \u200b\u2066x\u2069 \ufeff",
  "/close\n/assign @me",
  "::error file=x::y ##[command]z",
  "**bold** _it_ ~~gone~~ <!-- comment --> &lt;b&gt; $x^2$ ^[1] [^1] [x] ==m==",
  "\"><a href=https://evil.example>x</a>",
  "\ud800 lone, and \u0000 nul",
  "line one\r\nline two\u2028three",
  "x".repeat(3000),
  "",
  " ",
  "`mermaid` style a:b#c;d classDef e:f#g;h",
];

/** Addresses that must not become links. */
export const hostileUrls: readonly string[] = [
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "https://user:secret@evil.example/",
  " https://evil.example/>) [x](y",
  "//evil.example",
  "not an address",
];

/** Addresses that do not depend on the text. */
const plainLinks = (links: Links): Links => ({
  ...links,
  artifactSource: ({ version }) => `https://github.com/acme/source/commit/${version.sha}`,
  sourceCommit: (_artifact, sha) => `https://github.com/acme/source/commit/${sha}`,
  compare: ({ version: from }, { version: to }) => `https://github.com/acme/source/compare/${from.sha}...${to.sha}`,
});

const freeTexts = ["reason", "seen", "clearedBy", "subject", "author", "onlyByRequest", "configLocation", "location", "ref", "target", "path", "way", "until", "output"];

/** Puts `text` into every free text of a report; names of apps and environments, ids and times are parsed before. */
export function withText(report: Report, text: string): Report {
  const artifact = (one: Artifact): Artifact => ({
    ...one,
    version: { ...one.version, repositoryName: text, branch: text, tag: text, message: text, authorName: text, url: text },
    images: Object.fromEntries(
      Object.entries(one.images).map(([key, image]) => [key, { ...image, name: text, tag: text, ref: text }]),
    ),
    items: one.items.map((item) => ({ ...item, name: text })),
  });
  const replace = (value: unknown, key: string): unknown => {
    if (key === "links") return plainLinks(value as Links);
    if (key === "actor") return { name: text, verified: true };
    if (key === "gates") return (value as GateResult[]).map((gate) => ({ ...(replace(gate, "") as object), name: text }));
    if (key === "notices") return [text];
    if (value instanceof GluError) return new OutsideError(value.code, text, { fix: text });
    if (Array.isArray(value)) return value.map((one) => replace(one, ""));
    if (value instanceof Uint8Array) return value.includes(0) ? value : bytes(`${text.replaceAll("\0", "")}\n${key}\n`);
    if (typeof value === "string") return freeTexts.includes(key) ? text : value;
    if (typeof value !== "object" || value === null) return value;
    if ("schema" in value && value.schema === "glu.artifact.v1") return artifact(value as Artifact);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replace(one, name)]));
  };
  return replace(report, "") as Report;
}

const all = hostileTexts.filter((text) => text.length < 1000).join(" ");
export const hostileReports: Record<string, Report> = {
  "hostile-mixed": withText(scenarios.mixed!, all),
};
