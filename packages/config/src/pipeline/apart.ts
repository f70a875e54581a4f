import type { PreparedEntry } from "./prepared-entry.ts";

/** Stand for a name; no app and no environment is written with a capital. */
const [anyApp, anyEnvironment] = ["Any-App", "Any-Environment"];

/** A path by its segments: names of an app and of an environment, and what stands there as it is. */
export type Shape = readonly string[];

/**
 * The path of an entry for any app. Undefined where a name is only a part of a segment, where there is none of the app, or
 * where it is the file's own: of those the paths of two apps tell.
 */
export function shapeOf({ target, pathsAt }: PreparedEntry): Shape | undefined {
  if (!target.whole || target.text.includes(anyApp) || target.text.includes(anyEnvironment)) return undefined;
  const [path = ""] = pathsAt(target.fill({ app: anyApp, environment: anyEnvironment }));
  const shape = path.split("/");
  const whole = shape.every((part) => isName(part) || !(part.includes(anyApp) || part.includes(anyEnvironment)));
  return whole && shape.includes(anyApp) && !isName(shape.at(-1) ?? "") ? shape : undefined;
}

const isName = (part: string): boolean => part === anyApp || part === anyEnvironment;

/** The folder above the first name. */
export const folderAbove = (shape: Shape): string => shape.slice(0, shape.findIndex(isName)).join("/");

/**
 * Whether paths of these shapes are the same only where they are those of one app, and then whatever it is called: any two
 * have the app's name in the same places, or differ in what stands in both as it is.
 */
export function areApart(shapes: readonly Shape[]): boolean {
  return shapes.every((one, index) => shapes.slice(index + 1).every((other) => apart(one, other)));
}

function apart(one: Shape, other: Shape): boolean {
  if (one.length !== other.length) return true;
  const differ = one.some((part, at) => {
    const there = other[at] ?? "";
    return part !== there && !isName(part) && !isName(there);
  });
  return differ || one.every((part, at) => (part === anyApp) === (other[at] === anyApp));
}
