// dist/ must be what the sources give: builds it again and asks Git. `git status` also sees chunks that are new,
// which `git diff` does not.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
const changed = execFileSync("git", ["status", "--porcelain", "--", "dist"], { cwd: root, encoding: "utf8" });
if (changed !== "") {
  process.stderr.write(`dist/ was not up to date; run "npm run build" and commit it:\n${changed}`);
  process.exitCode = 1;
}
