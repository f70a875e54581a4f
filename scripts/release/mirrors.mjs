// What is published: per action the repository behind `uses: glu/<action>@v1`, and the GitLab component project.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { filesOf } from "./chunks.mjs";

/** The repository of one action: `action.yml` at its root, and of the bundle what this action loads. */
export function actionMirror(root, action, version) {
  const read = (path) => readFileSync(join(root, path));
  const files = new Map([["LICENSE", read("LICENSE")]]);
  files.set("README.md", linkToProject(read(`actions/${action}/README.md`).toString(), `actions/${action}`, version));
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
    if (path.startsWith("templates/")) files.set(path, stamp(content.toString(), version, sha256(sums)));
    else files.set(path, path.endsWith(".md") ? linkToProject(content.toString(), "gitlab", version) : content);
  }
  return files;
}

/** A mirror has one folder of the project: what a page links to above that is in the project, at this version. */
function linkToProject(markdown, folder, version) {
  return markdown.replaceAll(/\]\((\.\.\/[^)\s]*)\)/g, (_, path) => {
    return `](https://github.com/glu/actions/blob/v${version}/${posix.join(folder, path)})`;
  });
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
