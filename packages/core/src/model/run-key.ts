import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { digestOf } from "../artifact/digest.ts";
import type { RunKey, WorkflowTarget } from "../ports/outside.ts";
import type { Intent } from "./decision.ts";

const day = 86_400_000;

/**
 * The key of a run for an intent: app, environment and artifact for people, and 12 hex digits of the SHA-256 of all that
 * makes it another run. Who looks later, with the same config, has the same key; a change of the inputs makes a new one.
 * The artifact counts with its whole digest, since ids can be made to be the same.
 * @param release the request of the release that the run verifies: what ran before it says nothing of it
 */
export function runKeyOf(
  { app, environment, artifact }: Pick<Intent, "app" | "environment" | "artifact">,
  target: WorkflowTarget,
  inputs: Readonly<Record<string, string>>,
  release?: string,
): RunKey {
  const { repository = null, workflow = null, ref = null } = target;
  const all = { app, environment, artifact: digestOf(artifact), repository, workflow, ref, inputs, release };
  const hash = createHash("sha256")
    .update(canonicalize(all) ?? "")
    .digest("hex")
    .slice(0, 12);
  return {
    text: `${app}/${environment}/${artifact.id}/${hash}`,
    // Nobody tests a commit before it is made; a day, since clocks differ.
    since: Date.parse(artifact.committedAt) - day,
  };
}

/** Whether a run's name has the key, as a word of its own: one key may be the beginning of another. */
export function carriesKey(name: string, key: RunKey): boolean {
  return name.split(/[^A-Za-z0-9/-]+/).includes(key.text);
}
