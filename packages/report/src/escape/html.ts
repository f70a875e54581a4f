import { visibleLine } from "./visible.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Characters of HTML as entities; right in text and in quoted attributes. */
export function escapeEntities(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Untrusted prose as HTML text. */
export const htmlText = (text: string): string => escapeEntities(visibleLine(text));
