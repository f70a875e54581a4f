// What is published: per action the repository behind `uses: glu/<action>@v1`, and the GitLab component project.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "./chunks.mjs";

/** The repository of one action: `action.yml` at its root, and of the bundle what this action loads. */
export function actionMirror(root, action) {
  const read = (path) => readFileSync(join(root, path));
  const files = new Map([["LICENSE", read("LICENSE")]]);
  files.set("README.md", read(`actions/${action}/README.md`));
  const manifest = read(`actions/${action}/action.yml`).toString();
  files.set("action.yml", replaceOnce(manifest, `../../dist/${action}.js`, `dist/${action}.js`));
  for (const file of filesOf(join(root, "dist"), action)) files.set(`dist/${file}`, read(`dist/${file}`));
  return files;
}

/**
 * The GitLab project: `gitlab/` at its root, with the bundle of the command line beside the templates. Each template
 * has as a literal the SHA-256 of `dist/SHA256SUMS`, which its job compares before it runs anything of the bundle.
 */
export function gitlabMirror(root, version) {
  const read = (path) => readFileSync(join(root, path));
  const files = new Map([["LICENSE", read("LICENSE")]]);
  let sums = "";
  for (const file of filesOf(join(root, "dist"), "glu")) {
    const content = read(`dist/${file}`);
    files.set(`dist/${file}`, content);
    sums += `${sha256(content)}  ${file}\n`;
  }
  files.set("dist/SHA256SUMS", sums);
  for (const entry of readdirSync(join(root, "gitlab"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(join(root, "gitlab/").length);
    const content = read(`gitlab/${path}`);
    files.set(path, path.startsWith("templates/") ? stamp(content.toString(), version, sha256(sums)) : content);
  }
  return files;
}

function stamp(template, version, digest) {
  return `# Glu Actions ${version}\n${replaceOnce(template, "digest=''", `digest=${digest}`)}`;
}

function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`Expected ${from} once.`);
  return text.replace(from, () => to);
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}
