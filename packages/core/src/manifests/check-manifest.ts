import { UserError } from "../errors.ts";
import type { Manifest } from "../model/artifact.ts";
import { closest } from "../model/closest.ts";
import { namePattern } from "../model/names.ts";
import type { Policy } from "../model/pipeline.ts";
import { manifestPolicy } from "./manifest-policy.ts";

/** What means something here. */
const ours = ["app", "env", "namespace", "chart", "values", "policy", "deploy", "preview"];
/** What GimletD's manifests have besides: data that nothing here looks at. */
const gimletd = ["cleanup", "strategicMergePatches", "json6902Patches", "manifests", "dependencies"];
/**
 * What looks at something, sets something going or decides, and is the config repository's alone: gates, those that are
 * planned too, and the keys of an environment and an app. What is not listed is refused as unknown.
 */
const acting = [
  ...["gates", "soak", "window", "rate", "item", "actor", "http", "command", "workflow", "function"],
  ...["approval", "checks", "health", "prometheus", "signature"],
  ...["verify", "verification", "rollback", "accept", "from", "auto", "tier", "pin", "freeze", "freezes"],
  ...["write", "repository", "ref", "environments", "images", "hooks", "steps", "run", "script"],
];

/** How deep values may lie in each other. Charts have less than ten levels. */
const deepest = 64;

/**
 * How much JSON a manifest may be. It stands in the artifact, and in each record of it; Helm keeps the values of a
 * release in a Secret, which takes 1 MiB: https://helm.sh/docs/topics/advanced/#storage-backends
 */
const largest = 256 * 1024;

/** A manifest that counts, with the policy it has. */
export interface CheckedManifest {
  manifest: Manifest;
  policy: Policy[] | undefined;
}

/**
 * A manifest as the app's pipeline may give it: it says when, and with which values, and nothing that acts.
 * @throws UserError `manifest/acts`, `manifest/unknown-key`, `manifest/invalid`, `manifest/policy`
 */
export function checkManifest(manifest: Manifest): CheckedManifest {
  for (const key of Object.keys(manifest)) checkKey(key);
  const { namespace } = manifest;
  if (namespace !== undefined && !namePattern.test(namespace)) {
    throw new UserError(
      "manifest/invalid",
      `The namespace of the manifest, ${JSON.stringify(namespace.slice(0, 100))}, is no name.`,
      {
        seen: namespace,
        fix: "Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last: what Kubernetes takes.",
      },
    );
  }
  if (isDeeper(manifest, deepest + 1)) {
    throw new UserError("manifest/invalid", `The manifest has values more than ${deepest} levels deep.`, {
      fix: "Make them flatter.",
    });
  }
  // After the depth: what is nested without end has no JSON.
  const size = JSON.stringify(manifest).length;
  if (size > largest) {
    throw new UserError("manifest/invalid", `The manifest is ${Math.ceil(size / 1024)} KiB large.`, {
      fix: `Keep it below ${largest / 1024} KiB: put what is large into files of the config repository.`,
    });
  }
  return { manifest, policy: manifestPolicy(manifest) };
}

function checkKey(key: string): void {
  const shown = JSON.stringify(key.slice(0, 100));
  if (ours.includes(key) || gimletd.includes(key) || key.startsWith("x-")) return;
  if (acting.includes(key.toLowerCase())) {
    throw new UserError("manifest/acts", `The manifest has the key ${shown}, which only the config may have.`, {
      seen: key,
      fix: `Remove ${key} from the manifest and build again; what must hold stands in the config repository.`,
    });
  }
  const meant = closest(key, ours);
  throw new UserError("manifest/unknown-key", `The manifest has the unknown key ${shown}.`, {
    seen: key,
    fix: `${meant === undefined ? `There are ${ours.join(", ")}` : `Did you mean "${meant}"`}${meant === undefined ? "." : "?"} Keys that begin with x- are yours.`,
  });
}

/**
 * Level by level: what is nested without end must not overflow the stack. Each object of a level counts once: YAML's
 * aliases can have one contain itself several times.
 */
function isDeeper(value: unknown, levels: number): boolean {
  let level = new Set<unknown>([value]);
  for (let depth = 0; depth <= levels; depth++) {
    const values = [...level].flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    if (values.length === 0) return false;
    level = new Set(values);
  }
  return true;
}
