import { repoPath } from "@glu/core";
import { oneOrMany, text, tried } from "./text.ts";

const pattern = /^(?:[^*?[\]{}]+\/)?\*$/;

// What `repoPath` refuses, as far as a pattern can say it.
const published = /^(?:\.\/)*(?:(?!\.{1,2}\/|-|\.git\/)[^*?[\]{}/\\]+\/)*\*$/;

/** `apps/*` → `apps`; `*` → the root, `""`. */
export function discoveryFolder(glob: string): string {
  return glob.replace(/\/?\*$/, "").replace(/^(?:\.\/)+/, "");
}

const folderGlob = text({
  description: "A folder and /*, such as apps/*: every folder in it declares an app of its name.",
  pattern: published,
  check: (value) => {
    const fix = "Write a folder and /*, such as apps/*.";
    if (!pattern.test(value)) return { message: "is not a folder and /*", code: "config/discover", fix };
    const folder = discoveryFolder(value);
    return folder === "" ? undefined : tried(() => repoPath(folder), "is not a folder inside the repository");
  },
});

export const discoveryPattern = oneOrMany(
  folderGlob,
  "Declares an app for every folder that matches. Folders that begin with '.' or '_' are left out.",
  "apps/*",
);
