import { type Artifact, listArtifacts, type StoredArtifact, UserError, versionLabel } from "@glu/core";
import { type artifactList, type InputsOf, moment } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, repositoriesOf, withItems } from "./artifact-stores.ts";

/** `glu artifact list`. */
export async function runArtifactList(
  inputs: InputsOf<typeof artifactList>,
  surroundings: Surroundings,
): Promise<Outcome> {
  await using repositories = repositoriesOf(surroundings);
  const stores = await findStores(inputs, repositories);
  const apps = inputs.app.length > 0 ? inputs.app : stores.apps;
  if (apps.length === 0) {
    throw new UserError("input/app-missing", "Which app's artifacts to list is not known here.", {
      fix: "Give --app.",
    });
  }
  const now = surroundings.clock.now();
  const { since, until, ...filter } = inputs;
  const found: StoredArtifact[] = [];
  for (const app of apps) {
    for (const store of stores.of(app)) {
      const times = { since: since && moment(since, now, "ago"), until: until && moment(until, now, "ago") };
      const all = await listArtifacts(store, app, { ...filter, ...times, offset: 0, limit: Number.POSITIVE_INFINITY });
      const known = new Set(found.map(({ artifact }) => artifact.id));
      found.push(...all.filter(({ artifact }) => !known.has(artifact.id)));
    }
  }
  found.sort((a, b) => (a.artifact.id < b.artifact.id ? 1 : -1));
  const shown = found.slice(inputs.offset, inputs.offset + inputs.limit);
  return page({
    tone: "note",
    schema: "glu.artifact-list.v1",
    result: "listed",
    headline: `${shown.length} of ${count(found.length, "artifact")}`,
    columns: ["App", "Artifact", "Version", "Event", "Branch", "Commit", "Committed", "Message"],
    rows: shown.map(({ artifact }) => rowOf(artifact)),
    data: { total: found.length, artifacts: shown.map(withItems) },
  });
}

function rowOf(artifact: Artifact): string[] {
  const { version, app, id, committedAt } = artifact;
  const subject = (version.message ?? "").split("\n", 1)[0] ?? "";
  return [
    app,
    id,
    versionLabel(artifact),
    version.event,
    version.branch,
    version.sha.slice(0, 7),
    committedAt,
    subject,
  ];
}
