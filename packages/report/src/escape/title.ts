import { withoutSkips } from "@glu/core";
import { visibleLine } from "./visible.ts";

/**
 * Untrusted text as part of a title, which is plain text and one line. What forges would link in it or notify people of
 * (`@name`, `#1`, `!1`) is broken by a zero-width space. It may become the subject of a squash commit: there it skips nothing.
 */
export const titleText = (text: string): string =>
  withoutSkips(visibleLine(text))
    .trim()
    .replace(/[@#!$%~&^](?=[\p{L}\p{N}_"'@-])/gu, "$&\u200b");
