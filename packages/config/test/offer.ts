import { configurableGates, type Editor, repoPath } from "@glu/core";
import { z } from "zod";

const set = z
  .record(z.string().min(1), z.string({ error: "Write the value as a string, in quotes." }))
  .describe("Selector to value.");
const create = z.boolean().default(false).describe("Make what is missing.");

function stub<T>(kind: string, options: z.ZodType<T>, paths: (options: T) => string[]): Editor {
  const editor: Editor<T> = {
    kind,
    options,
    paths: (given) => paths(given).map(repoPath),
    edit: () => ({ kind: "refused", code: "edit/stub", message: "a stub edits nothing", path: "" }),
    read: () => undefined,
  };
  return editor as Editor;
}

const yaml = z.strictObject({ yaml: z.string().min(1).describe("The file."), set, create });
const json = z.strictObject({ json: z.string().min(1).describe("The file."), set, create });
// On purpose not strict: the config refuses unknown options all the same.
const kustomize = z.object({
  kustomize: z.string().min(1).describe("The folder of the kustomization."),
  image: z.string().min(1).describe("The image with tag and digest."),
  name: z.string().min(1).optional().describe("The name of the entry, when it is not the image's."),
  create,
});

/** Stand-ins with the options of the real editors, so that these tests need no neighbour. */
export const offer = {
  editors: [
    stub("yaml", yaml, (options) => [options.yaml]),
    stub("kustomize", kustomize, ({ kustomize: folder }) => [
      `${folder}/kustomization.yaml`,
      `${folder}/kustomization.yml`,
    ]),
    stub("json", json, (options) => [options.json]),
  ],
  gates: configurableGates,
};
