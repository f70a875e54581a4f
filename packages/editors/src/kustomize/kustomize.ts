import { type Bytes, type Editor, type RepoPath, repoPath } from "@glu/core";
import { z } from "zod";
import { createOption, pathOption } from "../editor-options.ts";
import { ifReadable, refuse, refusing } from "../refusal.ts";
import { formatSelector } from "../selector/format-selector.ts";
import { parseSelector } from "../selector/parse-selector.ts";
import { sameBytes } from "../structured-editor.ts";
import { targetPath } from "../target-path.ts";
import { checkValue, decode, encode } from "../text/source.ts";
import { newFile } from "../yaml/insert-node.ts";
import { lineInYaml } from "../yaml/line.ts";
import { parseStream } from "../yaml/stream.ts";
import { undoYaml } from "../yaml/undo-yaml.ts";
import { editImages, entrySelector, readImage } from "./edit-images.ts";
import { formatImageReference, type ImageReference, parseImageReference } from "./image-reference.ts";

export const kustomizeOptions = z.strictObject({
  kustomize: pathOption.meta({ description: "The folder of the kustomization; '.' is the root." }),
  image: z.string().min(1).meta({ description: "The image: name:tag, name@digest or name:tag@digest." }),
  name: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "The name of the entry under 'images'; default: that of the image." }),
  create: createOption,
});
type Options = z.output<typeof kustomizeOptions>;

// In the order in which Kustomize looks for them; it refuses a folder with two of them.
const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

/**
 * Sets an image in the `images` of a kustomization, byte-exact. With a digest `newTag` goes, without one `digest` goes;
 * `newName` is set when the image's name is not the entry's. Recorded as `images[name=…]` with the image it means.
 */
export const kustomize: Editor<Options> = {
  kind: "kustomize",
  options: kustomizeOptions,
  paths: (options) => candidates(options).map(repoPath),
  edit: (options, files) =>
    refusing(options.kustomize, () => {
      const image = parseImageReference(options.image);
      if (image.tag === undefined && image.digest === undefined) {
        refuse("edit/image", `${JSON.stringify(options.image)} has neither a tag nor a digest.`, {
          fix: "Add one: name:tag or name@digest.",
        });
      }
      const name = nameOf(options, image);
      checkValue(name);
      const path = existing(candidates(options).map(targetPath), files, options.create);
      const before = files.get(path);
      const result = refusing(path, () =>
        before === undefined ? make(name, image) : edit(before, name, image, options.create),
      );
      if (!(result instanceof Uint8Array)) return result;
      const selector = formatSelector(entrySelector(name));
      return {
        kind: "edited",
        files:
          before !== undefined && sameBytes(before, result) ? new Map() : new Map<RepoPath, Bytes>([[path, result]]),
        writes: [{ path, selector, value: formatImageReference(meantBy(image)), editor: "kustomize" }],
      };
    }),
  foresee: (options) =>
    ifReadable(() => {
      const image = parseImageReference(options.image);
      const selector = formatSelector(entrySelector(nameOf(options, image)));
      const paths = candidates(options).map(targetPath);
      return [{ paths, selector, value: formatImageReference(meantBy(image)) }];
    }) ?? [],
  undo: (path, file, before, selectors) =>
    refusing(path, () => ({ kind: "undone", file: undoYaml(file, before, selectors.map(parseSelector), head) })),
  read: (file, selector) =>
    ifReadable(() => {
      const image = readImage(parseStream(decode(file).text), parseSelector(selector));
      return image === undefined ? undefined : formatImageReference(image);
    }),
  line: (file, selector) => ifReadable(() => lineInYaml(file, parseSelector(selector))),
};

const nameOf = (options: Options, image: ImageReference): string => options.name ?? image.name;

/** What stands in the file: with a digest no tag. */
function meantBy(image: ImageReference): ImageReference {
  const { tag: _tag, ...withoutTag } = image;
  return image.digest === undefined ? image : withoutTag;
}

function edit(before: Bytes, name: string, image: ImageReference, create: boolean): Bytes {
  const source = decode(before);
  const after = editImages(parseStream(source.text), name, image, create);
  return after.text === source.text ? before : encode({ ...source, text: after.text });
}

/** What a new kustomization begins with. */
const head = newFile({
  kind: "map",
  entries: [
    ["apiVersion", "kustomize.config.k8s.io/v1beta1"],
    ["kind", "Kustomization"],
  ],
});

function make(name: string, image: ImageReference): Bytes {
  return encode({ bom: false, text: editImages(parseStream(head), name, image, true).text });
}

function candidates({ kustomize: folder }: Options): string[] {
  const inside = folder === "." || folder === "./" ? "" : `${folder.replace(/\/$/, "")}/`;
  return fileNames.map((file) => `${inside}${file}`);
}

function existing(paths: readonly RepoPath[], files: ReadonlyMap<RepoPath, Bytes>, create: boolean): RepoPath {
  const [found, second] = paths.filter((path) => files.has(path));
  if (second !== undefined) {
    refuse("edit/ambiguous", `There are both ${found} and ${second}; Kustomize refuses that.`, {
      fix: "Remove one of them.",
    });
  }
  const [usual] = paths;
  if (found !== undefined) return found;
  if (!create || usual === undefined) {
    return refuse("edit/no-file", `The folder has none of ${fileNames.join(", ")}.`, {
      fix: "Check the folder, or let the file be made with 'create: true'.",
    });
  }
  return usual;
}
