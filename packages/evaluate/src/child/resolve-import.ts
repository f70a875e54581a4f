import type { Files } from "./protocol.ts";

export type Resolved = { kind: "file"; file: string } | { kind: "refused"; why: string };

/**
 * Where an import leads: to `@glu/sdk`, or by a relative path with its ending to one of the files. Pure.
 * @param from the repository path of the file that imports
 */
export function resolveImport(specifier: string, from: string, files: Files): Resolved {
  if (specifier === "@glu/sdk") return { kind: "file", file: specifier };
  const shown = JSON.stringify(specifier.slice(0, 200));
  if (!/^\.\.?\//.test(specifier)) {
    return { kind: "refused", why: `${shown} is not allowed: import @glu/sdk, or by ./ a file under glu/` };
  }
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return { kind: "refused", why: `${shown} leads out of the repository` };
    } else if (part !== "." && part !== "") parts.push(part);
  }
  const file = parts.join("/");
  if (Object.hasOwn(files, file)) return { kind: "file", file };
  const withEnding = Object.hasOwn(files, `${file}.ts`) ? `: write ${specifier}.ts` : "";
  return { kind: "refused", why: `${shown} leads to no file that is read (glu/**/*.ts)${withEnding}` };
}
