import {
  type App,
  type Artifact,
  inOrder,
  passes,
  readTime,
  type StoredArtifact,
  UserError,
  versionLabel,
} from "@glu/core";
import type { artifactList, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, readerOf, repositoriesOf, withItems } from "./artifact-stores.ts";

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
      fix: "Give --app, or say with --config-repository or --config which configuration declares the apps.",
    });
  }
  const now = surroundings.clock.now();
  const { branch, event, sha } = inputs;
  const [since, until] = await Promise.all(
    [inputs.since, inputs.until].map((one) => (one === undefined ? undefined : readTime(one, now, "ago"))),
  );
  const reader = readerOf(stores, surroundings);
  const all: StoredArtifact[] = [];
  const asked = [...new Set(apps)].map((name) => ({ name }) as App);
  await reader.expect(asked);
  for (const app of asked) all.push(...(await reader.allStored(app)));
  const found = new Map(all.map((stored) => [stored.artifact, stored]));
  const passing = [...found.keys()].filter((one) => passes(one, { branch, event, sha, since, until }));
  const shown = inOrder(passing).slice(inputs.offset, inputs.offset + inputs.limit);
  return page({
    tone: "note",
    schema: "glu.artifact-list.v1",
    result: "listed",
    headline: `${shown.length} of ${count(passing.length, "artifact")}`,
    columns: ["App", "Artifact", "Version", "Event", "Branch", "Commit", "Committed", "Message"],
    rows: shown.map(rowOf),
    data: {
      total: passing.length,
      artifacts: shown.map((one) => withItems(found.get(one) as StoredArtifact)),
    },
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
