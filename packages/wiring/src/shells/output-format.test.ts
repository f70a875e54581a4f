import { expect, it } from "vitest";
import { outputFormatOf } from "./output-format.ts";

it.each([
  [["promot", "-o", "json"], {}, "json"],
  [["-o=json", "promote", "--enviroment", "x"], {}, "json"],
  [["promote", "-ojson"], {}, "json"],
  [["promote", "--output", "json", "--app"], {}, "json"],
  [["promote", "--output=markdown"], {}, "markdown"],
  [["promote", "-o", "markdown", "-o", "json"], {}, "json"],
  [["graph", "-o", "svg"], {}, "svg"],
  [["graph", "--output=mermaid"], {}, "mermaid"],
  [["graph", "-o", "png"], {}, "text"],
  [["promot"], { GLU_INPUT_OUTPUT: "json" }, "json"],
  [["promot", "-o", "text"], { GLU_INPUT_OUTPUT: "json" }, "text"],
  [["promote", "--", "-o", "json"], {}, "text"],
  [["promote", "-o"], {}, "text"],
  [["promote", "--app", "json"], {}, "text"],
] as const)("%j with %j is answered as %s", (argv, env, format) => {
  expect(outputFormatOf(argv, env)).toBe(format);
});
