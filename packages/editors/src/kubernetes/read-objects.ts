import { type Bytes, type ManifestObject, type Manifests, UserError } from "@glu/core";
import { parseAllDocuments } from "yaml";

/** Objects in rendered files, by the parser of the YAML editor: YAML 1.1 as Kubernetes reads it. */
export const manifests: Manifests = { objectsIn };

function objectsIn(path: string, content: Bytes): ManifestObject[] {
  const documents = parseAllDocuments(new TextDecoder().decode(content), { version: "1.1", logLevel: "error" });
  const parsed = "empty" in documents ? [] : documents;
  return parsed.flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) {
      throw noManifest(path, fault.message.split("\n")[0] ?? "", fault.linePos?.[0].line);
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value === null ? [] : objectsOf(path, value);
  });
}

function objectsOf(path: string, value: unknown): ManifestObject[] {
  const object = mapping(value);
  const kind = object?.kind;
  if (typeof kind !== "string" || typeof object?.apiVersion !== "string") {
    throw noManifest(path, "a document in it has no apiVersion and kind");
  }
  if (kind.endsWith("List") && Array.isArray(object.items)) {
    return object.items.flatMap((item: unknown) => objectsOf(path, item));
  }
  const { name, namespace, generateName } = mapping(object.metadata) ?? {};
  const called = name ?? generateName;
  if (typeof called !== "string" || called === "") throw noManifest(path, `a ${kind} in it has no metadata.name`);
  if (namespace !== undefined && namespace !== null && typeof namespace !== "string") {
    throw noManifest(path, `the namespace of ${kind} ${called} is no text`);
  }
  return [{ kind, name: called, namespace: namespace ?? undefined }];
}

const mapping = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

function noManifest(path: string, why: string, line?: number): UserError {
  return new UserError("preview/manifest", `${path} is no manifest once its templates are filled in: ${why}.`, {
    seen: path,
    at: { file: path, ...(line === undefined ? {} : { line }) },
    fix: "Put Kubernetes objects there and nothing else: a tool that deploys the folder would stumble over it.",
  });
}
