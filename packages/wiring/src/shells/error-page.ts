import type { GluError } from "@glu/core";
import type { Host } from "@glu/hosts";
import type { Cell, PageReport } from "@glu/report";
import { explanationOf } from "../documentation.ts";

/** What is said of an error. */
type Told = Pick<GluError, "code" | "message" | "fix" | "seen" | "at" | "problems">;

/** An error whose words hold no secret: an error may repeat what a server said, and a page escapes it. */
export function withoutSecrets({ code, message, fix, seen, at, problems }: GluError, redact: Host["redact"]): Told {
  const said = (text: string | undefined) => (text === undefined ? undefined : redact(text));
  return {
    code,
    message: redact(message),
    fix: said(fix),
    seen: typeof seen === "string" ? redact(seen) : seen,
    at,
    problems: problems.map((one) => ({ ...one, message: redact(one.message), fix: said(one.fix) })),
  };
}

/** The error as a page: what it is and where; or a row for each, when a file has several. */
export function errorPage({ code, message, fix, seen, at, problems }: Told): PageReport {
  const data = { code, message, seen: seen ?? null, fix: fix ?? null, at: at ?? null, help: explanationOf(code) };
  const page = { kind: "page", schema: "glu.error.v1", result: "error", tone: "error", data } as const;
  if (at !== undefined && problems.length > 0) {
    return {
      ...page,
      headline: `${at.file} has ${problems.length} errors`,
      columns: ["Where", "Error", "Fix", "Code"],
      rows: problems.map((one) => [placeOf({ ...one, file: at.file }), one.message, one.fix ?? "", helpOn(one.code)]),
    };
  }
  const facts: [string, Cell | undefined][] = [
    ["Where", at === undefined ? undefined : { kind: "code", text: placeOf(at) }],
    ["Fix", fix],
    ["Code", helpOn(code)],
  ];
  const rows = facts.flatMap(([label, value]): Cell[][] =>
    value === undefined ? [] : [[{ kind: "strong", text: label }, value]],
  );
  return { ...page, headline: message, columns: ["Error", ""], rows };
}

const placeOf = ({ file, line, column, path }: NonNullable<GluError["at"]>): string =>
  [file, line, column, path].filter((part) => part !== undefined).join(":");

/** The code, which leads to what docs/errors.md says of it. */
const helpOn = (code: string): Cell => ({ kind: "link", text: code, href: explanationOf(code), code: true });
