import type { OutputFormat } from "@glu/hosts";
import type { Env } from "../surroundings.ts";

/**
 * The format that a command line asks for, wherever it says so, also one that cannot be understood; the last one counts,
 * as for any flag. Without one the variable's. What is no format is text: the inputs report it.
 */
export function outputFormatOf(argv: readonly string[], env: Env): OutputFormat {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const asked = words.flatMap((word, index) => {
    if (word === "-o" || word === "--output") return words[index + 1] ?? [];
    return /^(?:-o=?|--output=)(.+)$/s.exec(word)?.[1] ?? [];
  });
  return formatOf(asked.at(-1) ?? env.GLU_INPUT_OUTPUT);
}

/** A format as it was given; `text` for everything else. */
export const formatOf = (given: unknown): OutputFormat => formats.find((format) => format === given) ?? "text";

const formats: readonly OutputFormat[] = ["json", "markdown", "mermaid", "svg"];
