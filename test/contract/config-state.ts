import type { BareFixture } from "@glu/testing/internal";

/** Facts of a record that differ by nature from run to run: who asked when, and on which commit it was decided. */
const volatile: readonly [RegExp, string][] = [
  [/"(request|decidedOn|decidedAt|releasedAt)": "[^"]*"/g, '"$1": "-"'],
  [/"actor": \{\s*"name": "[^"]*",\s*"verified": (?:true|false)\s*\}/g, '"actor": "-"'],
];

/**
 * What a promotion leaves behind: every file of the branch with its mode, byte for byte, and the messages of its
 * commits. Only the volatile facts of records and trailers are taken out.
 */
export function stateOf(config: BareFixture, branch = "main"): { files: Record<string, string>; messages: string } {
  const listed = config.git("ls-tree", "-r", branch).split("\n");
  const files = listed.map((line): [string, string] => {
    const [mode = "", , rest = ""] = line.split(" ");
    const [blob = "", path = ""] = rest.split("\t");
    if (!/^\.glu\/[^_][^/]*\/[^/]*\.json$/.test(path)) return [path, `${mode} ${blob}`];
    const text = config.git("cat-file", "blob", blob);
    return [path, `${mode} ${volatile.reduce((all, [fact, put]) => all.replace(fact, put), text)}`];
  });
  const messages = config.git("log", "--format=%B", branch).replace(/^Glu-(?:Request|Actor): .*$/gm, "");
  return { files: Object.fromEntries(files), messages };
}
