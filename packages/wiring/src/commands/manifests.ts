import { readFile, stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { checkManifest, type Manifest, manifestSchema, UserError } from "@glu/core";
import { glob } from "tinyglobby";
import { type Document, parseAllDocuments } from "yaml";

/**
 * The app's own manifests: the YAML files of a folder, or those that a glob finds. Each document is one manifest.
 * @throws UserError `manifest/…` with file and line
 */
export async function readManifests(pattern: string, cwd: string): Promise<Manifest[]> {
  const found = await stat(resolve(cwd, pattern)).catch(() => undefined);
  const paths = found?.isFile()
    ? [resolve(cwd, pattern)]
    : await glob(found?.isDirectory() ? `${pattern.replace(/\/+$/, "")}/*.{yaml,yml}` : pattern, {
        cwd,
        absolute: true,
        dot: true,
      });
  if (paths.length === 0) {
    throw new UserError("manifest/none", `No file matches ${pattern}.`, {
      seen: pattern,
      fix: "Check the path, or leave manifests out.",
    });
  }
  const files = await Promise.all(
    paths.sort().map(async (path) => {
      const file = relative(cwd, path);
      return parseManifests(await readFile(path, "utf8"), file).map((manifest) => ({ manifest, file }));
    }),
  );
  const manifests = files.flat();
  refuseTwice(manifests);
  return manifests.map(({ manifest }) => manifest);
}

/** What would be refused where it counts. Previews have manifests of their own. */
function refuseTwice(manifests: readonly { manifest: Manifest; file: string }[]): void {
  const files = new Map<string, string>();
  for (const { manifest, file } of manifests) {
    const { app, env } = manifest;
    if (manifest.preview === true) continue;
    const other = files.get(`${app} ${env}`);
    if (other !== undefined) {
      const where = other === file ? file : `${other} and ${file}`;
      throw new UserError("manifest/duplicate", `There are several manifests of ${app} for ${env}: in ${where}.`, {
        seen: env,
        at: { file },
        fix: "Keep one for each app and environment.",
      });
    }
    files.set(`${app} ${env}`, file);
  }
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UserError("manifest/syntax", `${file} cannot be read: ${cause.message}.`, {
      at: { file },
      fix: "Set each anchor before its aliases, and use it fewer times.",
      cause,
    });
  }
}

/** What would be refused where it counts is told to whom it may be mended by. */
function checked(manifest: Manifest, file: string): Manifest {
  try {
    return checkManifest(manifest).manifest;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, seen, fix } = error;
    throw new UserError(code, message, { seen, at: { file }, ...(fix === undefined ? {} : { fix }) });
  }
}

/** Each document of a file is one manifest. @throws UserError `manifest/…` with file and line */
export function parseManifests(text: string, file: string): Manifest[] {
  // A template without quotes reads as a map in a map's key, which would be said on the process's own stderr.
  return [...parseAllDocuments(text, { merge: true, logLevel: "error" })].flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) {
      const line = problem.linePos?.[0].line;
      throw new UserError("manifest/syntax", `${file} is not YAML: ${problem.message.split("\n")[0]}`, {
        at: { file, ...(line === undefined ? {} : { line }) },
        fix: "Mend the YAML; a template such as {{ .SHA }} must be in quotes.",
      });
    }
    const value = toValue(document, file);
    if (value === null) return [];
    const parsed = manifestSchema.safeParse(value);
    if (parsed.success) return [checked(parsed.data, file)];
    const issue = parsed.error.issues[0];
    const path = issue?.path.join(".") ?? "";
    throw new UserError(
      "manifest/invalid",
      `${file} is not a manifest: ${path || "the document"}: ${issue?.message}.`,
      { at: { file }, fix: fixOf(issue?.code === "invalid_type" ? issue.expected : "", path) },
    );
  });
}

function fixOf(expected: string, path: string): string {
  const whole = "A manifest has app and env, and may have namespace, chart, values and policy";
  if (path !== "" && expected === "string") {
    return `${whole}. ${path} is text: put a number, or a template such as {{ .SHA }}, in quotes.`;
  }
  return path === "" ? `${whole}.` : `${whole}; leave out what is empty.`;
}
