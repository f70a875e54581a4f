import type { Icon } from "../icons.ts";

export type Style = Icon["tone"] | "strong" | "muted";
/** Puts a style around text that has no control characters. */
export type Paint = (style: Style, text: string) => string;

// ECMA-48 SGR parameters: on and off.
const codes: Record<Style, readonly [number, number]> = {
  good: [32, 39],
  wait: [33, 39],
  bad: [31, 39],
  info: [36, 39],
  calm: [2, 22],
  strong: [1, 22],
  muted: [2, 22],
};

export function paintWith(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) => {
    const [on, off] = codes[style];
    return text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
