import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Files Git knows or would add, relative to the root; those of fixtures may be wrong on purpose. */
export function listFiles(pattern) {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return listed.split("\0").filter((path) => pattern.test(path) && !path.includes("/fixtures/"));
}
