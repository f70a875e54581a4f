import type { App, RepoPath } from "@glu/core";
import type { WriteEntry } from "../grammar/write.ts";
import type { Path } from "../source/places.ts";
import { EarlyTemplate } from "../templates/early-template.ts";
import { expression, longestTemplate } from "../templates/expression.ts";

/** A key that an entry sets, and where it stands in the entry. */
export interface Place {
  key: EarlyTemplate;
  at: Path;
}

/** What of an entry is the same for all apps and environments. */
export interface PreparedEntry {
  kind: string;
  /** The file or folder that it names. */
  target: EarlyTemplate;
  /** The files at a target. @throws UserError of what is no path */
  pathsAt(target: string): RepoPath[];
  /** The keys that are known before there is an artifact. */
  placesOf(images: App["images"]): Place[];
  /** Whether those are the same for all apps and environments. */
  sameKeys: boolean;
}

/** What can be told of an entry before there is an artifact; undefined: nothing. */
export function prepareEntry({ editor, options }: WriteEntry): PreparedEntry | undefined {
  const { kind } = editor;
  const source = options[kind];
  if (typeof source !== "string" || source.length > longestTemplate) return undefined;
  // The path alone is filled in: other options may hold what an editor accepts only when it is rendered.
  const target = new EarlyTemplate(source);
  const parsed = editor.options.safeParse({ ...options, [kind]: target.fill({ app: "x", environment: "x" }) });
  if (!parsed.success) return undefined;
  const fixed = fixedKeys(options);
  return {
    kind,
    target,
    pathsAt: (filled) => editor.paths({ ...(parsed.data as object), [kind]: filled }),
    placesOf: fixed === undefined ? (images) => imageKey(options.image, images) : () => fixed,
    sameKeys: fixed?.every(({ key }) => key.literal) ?? false,
  };
}

/** The keys that an entry sets whatever the app; undefined when it sets the entry of an image that it does not name. */
function fixedKeys({ set, name }: WriteEntry["options"]): Place[] | undefined {
  if (typeof set === "object" && set !== null) return Object.keys(set).flatMap((key) => place(key, ["set", key]));
  return typeof name === "string" ? place(name, ["name"]) : undefined;
}

/** Only the declared name of the image is known yet, and it is what tells one entry from another. */
function imageKey(image: unknown, images: App["images"]): Place[] {
  if (typeof image !== "string" || image.length > longestTemplate) return [];
  const named = image.replace(expression, (whole) => {
    const [, key = "", part] = /^\{\{-?\s*images\.([\w-]+)\.(\w+)\s*-?\}\}$/.exec(whole) ?? [];
    if (part === undefined) return whole;
    return part === "ref" || part === "name" ? (images[key] ?? whole) : "x";
  });
  if (!new EarlyTemplate(named).whole) return [];
  return place(named.replace(/@.*$/, "").replace(/:[^/:]*$/, ""), ["image"]);
}

function place(text: string, at: Path): Place[] {
  if (text.length > longestTemplate) return [];
  const key = new EarlyTemplate(text);
  return key.whole ? [{ key, at }] : [];
}
