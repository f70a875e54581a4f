import { type App, type ArtifactId, parseArtifactSelector, UserError } from "@glu/core";
import type { artifactAdd, InputsOf } from "@glu/inputs";
import { type Outcome, page } from "../outcome.ts";
import { refuseSecret } from "../secrets.ts";
import type { Surroundings } from "../surroundings.ts";
import { findStores, readerOf, repositoriesOf } from "./artifact-stores.ts";
import { parseItems } from "./key-values.ts";

/** `glu artifact add`. */
export async function runArtifactAdd(
  inputs: InputsOf<typeof artifactAdd>,
  surroundings: Surroundings,
): Promise<Outcome> {
  const items = parseItems(inputs.item);
  refuseSecret("item", items, surroundings.redact);
  if (items.length === 0)
    throw new UserError("input/item-missing", "There is no item to add.", { fix: "Give --item name=url." });
  const selector = parseArtifactSelector(inputs.artifact);
  if (selector.kind !== "id" && selector.kind !== "digest") {
    throw new UserError("input/artifact", "Items are added to one stored artifact.", {
      seen: inputs.artifact,
      fix: "Give its id or digest.",
    });
  }
  await using repositories = repositoriesOf(surroundings);
  const stores = await findStores(inputs, repositories);
  const { store, stored } = await readerOf(stores, surroundings).find({ name: inputs.app } as App, selector);
  const { artifact } = stored;
  const id = artifact.id as ArtifactId;
  const added = [];
  for (const item of items) added.push({ name: item.name, result: (await store.addItem(inputs.app, id, item)).kind });
  return page({
    tone: "note",
    schema: "glu.artifact-items.v1",
    result: added.some(({ result }) => result === "stored") ? "stored" : "exists",
    headline: `${artifact.app} ${id} carries ${added.map(({ name }) => name).join(", ")}`,
    columns: ["Item", "Result"],
    rows: added.map(({ name, result }) => [name, result]),
    data: { id, items: added },
  });
}
