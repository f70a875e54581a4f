import { bareKey, barePart, bareValue } from "./parse-selector.ts";
import type { DocumentName, Segment, Selector } from "./selector.ts";

/** The canonical text of a selector: quotes only where they are needed. `parseSelector` reads it back. */
export function formatSelector({ document, path }: Selector): string {
  return (document === undefined ? "" : `${formatDocument(document)}:`) + formatPath(path);
}

export function formatDocument({ kind, namespace, name }: DocumentName): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].map((part) => bareOr(part, barePart)).join("/");
}

export function formatPath(path: readonly Segment[]): string {
  return path
    .map((segment, position) => {
      if (segment.kind === "index") return `[${segment.index}]`;
      if (segment.kind === "item") {
        return `[${bareOr(segment.key, bareKey)}=${bareOr(segment.value, bareValue)}]`;
      }
      if (segment.quoted || !isBare(segment.key, bareKey)) return `[${JSON.stringify(segment.key)}]`;
      return position === 0 ? segment.key : `.${segment.key}`;
    })
    .join("");
}

function bareOr(text: string, pattern: RegExp): string {
  return isBare(text, pattern) ? text : JSON.stringify(text);
}

function isBare(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0].length === text.length;
}
