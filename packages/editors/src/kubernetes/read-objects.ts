import { type Bytes, type FileKind, type ManifestObject, UserError } from "@glu/core";
import { type Document, parseAllDocuments, type YAMLError } from "yaml";

/** Files that are YAML by their names: what is in any other is nobody's object. */
const isYaml = (path: string): boolean => /\.(?:ya?ml|json)$/i.test(path);

/** Every object in a file that has nothing else. */
export function objectsIn(path: string, content: Bytes): ManifestObject[] {
  return valuesIn(path, content).flatMap((value) => objectsOf(path, value));
}

/** Those documents of a file that are objects. */
export function objectsAmong(path: string, content: Bytes): ManifestObject[] {
  if (!isYaml(path)) return [];
  return valuesIn(path, content)
    .filter((value) => typeof mapping(value)?.kind === "string" && mapping(mapping(value)?.metadata) !== undefined)
    .flatMap((value) => objectsOf(path, value));
}

export function kindOf(path: string, content: Bytes): FileKind {
  const documents = parsed(content);
  if (documents.some(({ errors }) => errors.length > 0)) return isYaml(path) ? "objects" : "other";
  const values = documents.map((document) => toValue(path, document)).filter((value) => value !== null);
  if (values.length === 0) return "empty";
  if (values.some((value) => mapping(value)?.kind !== undefined)) return "objects";
  const [only, second] = values.map(mapping);
  if (only === undefined || second !== undefined || values.length > 1) return "other";
  // A chart says of which form it is, and is no object.
  return only.apiVersion === undefined || /(?:^|\/)Chart\.yaml$/.test(path) ? "values" : "objects";
}

/** YAML 1.1, as Kubernetes and Helm read it. */
export function parsed(content: Bytes): Document[] {
  const documents = parseAllDocuments(new TextDecoder().decode(content), { version: "1.1", logLevel: "error" });
  return "empty" in documents ? [] : documents;
}

/** What is not null in the documents of a file. */
function valuesIn(path: string, content: Bytes): unknown[] {
  return parsed(content)
    .map((document) => {
      const [fault] = document.errors;
      if (fault !== undefined) throw noYaml(path, fault);
      return toValue(path, document);
    })
    .filter((value) => value !== null);
}

/** What a document means, its aliases put in their places. @throws UserError `preview/manifest` where they are too many */
export function toValue(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw noManifest(path, cause.message);
  }
}

function objectsOf(path: string, value: unknown): ManifestObject[] {
  const object = mapping(value);
  const { kind, apiVersion } = object ?? {};
  if (typeof kind !== "string" || typeof apiVersion !== "string") {
    throw noManifest(path, "a document in it has no apiVersion and kind");
  }
  if (kind.endsWith("List") && Array.isArray(object?.items)) {
    return object.items.flatMap((item: unknown) => objectsOf(path, item));
  }
  const { name, namespace, generateName } = mapping(object?.metadata) ?? {};
  const called = name ?? generateName;
  if (typeof called !== "string" || called === "") throw noManifest(path, `a ${kind} in it has no metadata.name`);
  if (namespace !== undefined && namespace !== null && typeof namespace !== "string") {
    throw noManifest(path, `the namespace of ${kind} ${called} is no text`);
  }
  return [{ apiVersion, kind, name: called, namespace: namespace ?? undefined }];
}

export const mapping = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

export const noYaml = (path: string, fault: YAMLError): UserError =>
  noManifest(path, fault.message.split("\n")[0] ?? "", fault.linePos?.[0].line);

export function noManifest(path: string, why: string, line?: number): UserError {
  return new UserError("preview/manifest", `${path} is no manifest once its templates are filled in: ${why}.`, {
    seen: path,
    at: { file: path, ...(line === undefined ? {} : { line }) },
    fix: "Put Kubernetes objects there and nothing else: a tool that deploys the folder would stumble over it.",
  });
}
