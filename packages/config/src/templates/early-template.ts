import { expression } from "./expression.ts";

const known = /^\{\{-?\s*(app|env)\s*-?\}\}$/;

/** A template before there is an artifact: `{{ app }}` and `{{ env }}` are known, any other expression stands for a name. */
export class EarlyTemplate {
  readonly text: string;
  /** All that it will be is known already. */
  readonly whole: boolean;
  /** Nothing is filled in. */
  readonly literal: boolean;
  /** Text as it stands, and what is filled in between. */
  readonly #parts: readonly (string | { fill: "app" | "environment" })[];

  constructor(text: string) {
    this.text = text;
    const expressions = [...text.matchAll(expression)].map(([whole]) => known.exec(whole)?.[1]);
    this.whole = !expressions.includes(undefined);
    this.literal = expressions.length === 0;
    this.#parts = text.split(expression).flatMap((literal, index) => {
      if (index === expressions.length) return [literal];
      const name = expressions[index];
      return [literal, name === undefined ? "x" : ({ fill: name === "app" ? "app" : "environment" } as const)];
    });
  }

  fill(values: { app: string; environment: string }): string {
    if (this.literal) return this.text;
    let filled = "";
    for (const part of this.#parts) filled += typeof part === "string" ? part : values[part.fill];
    return filled;
  }
}
