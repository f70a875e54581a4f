import { UserError } from "../errors.ts";
import type { Artifact, Manifest } from "../model/artifact.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { manifestAt, manifestsCount } from "./manifest-at.ts";

/**
 * What templates see of a manifest: `namespace`, `chart` and `values`, not its policy. A value that is itself a template,
 * as GimletD fills in, is left out: written as it stands it would be what nobody wants.
 */
export function manifestVariables({ namespace, chart, values }: Manifest): Record<string, unknown> {
  const { repository, name, version } = chart ?? {};
  return withoutTemplates({ namespace, chart: { repository, name, version }, values }) as Record<string, unknown>;
}

/** Manifests that count are at most a few dozen levels deep. */
function withoutTemplates(value: unknown): unknown {
  if (typeof value === "string") return isTemplate(value) ? undefined : value;
  if (Array.isArray(value)) return value.map(withoutTemplates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutTemplates(one)]));
}

const isTemplate = (text: string): boolean => text.includes("{{");

/** A template that misses something of the manifest, with what to do about it; any other error as it is. */
export function explainMissing(error: unknown, app: App, environment: Environment, artifact: Artifact): unknown {
  if (!(error instanceof UserError) || error.code !== "template/missing-variable") return error;
  const name = String(error.seen);
  if (name !== "manifest" && !name.startsWith("manifest.")) return error;
  const fix = fixOf(name, app, environment, artifact);
  if (fix === undefined) return error;
  return new UserError("template/missing-variable", error.message, { seen: error.seen, fix, cause: error });
}

function fixOf(name: string, app: App, environment: Environment, artifact: Artifact): string | undefined {
  const orDefault = 'or give a text for when it is missing: {{ name | default: "…" }}.';
  if (!manifestsCount(app, environment)) {
    return `Let manifests count there, with "manifests: { allow: [${environment.name}] }" for ${app.name}; ${orDefault}`;
  }
  const found = manifestAt(app, environment, artifact);
  if (found.kind === "none") {
    return `Build it with a manifest of ${app.name} for ${environment.name} (the input manifests of build-artifact); ${orDefault}`;
  }
  if (found.kind === "bad") return found.error.fix;
  const value = name
    .split(".")
    .slice(1)
    .reduce(partOf, found.kind === "counts" ? found.manifest : undefined);
  return typeof value === "string" && isTemplate(value)
    ? `There the manifest has the template ${JSON.stringify(value.slice(0, 200))}, which is not filled in: let "write" name images, version or vars itself.`
    : undefined;
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
