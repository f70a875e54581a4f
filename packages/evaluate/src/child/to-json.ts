const { getOwnPropertyDescriptor, getPrototypeOf, prototype: plain } = Object;
const { ownKeys } = Reflect;
const quote = JSON.stringify;
const isList = Array.isArray;

/** Levels and values. Far above any pipeline; they bound what a proxy that never ends can give. */
const deepest = 64;
const most = 500_000;

/** A value that is no plain data. */
export class NotData extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** The text that stands for a function at a path. */
export type Replace = (value: (...args: unknown[]) => unknown, path: string) => string;

/**
 * A value as JSON: null, booleans, finite numbers, texts, lists and mappings, and nothing that only looks like one. What
 * is undefined in a mapping is left out. Each property is read once, and nothing of the value is called.
 * @throws NotData
 */
export function toJson(root: unknown, replace: Replace): string {
  const above = new Set<object>();
  let count = 0;
  const write = (value: unknown, path: string): string => {
    count += 1;
    if (count > most) throw new NotData(path, `is one of more than ${most} values`);
    if (value === null || typeof value === "boolean" || typeof value === "string") return quote(value);
    if (typeof value === "number") {
      if (!Number.isFinite(value)) throw new NotData(path, `is ${value}, which is no number that JSON has`);
      return quote(value);
    }
    if (typeof value === "function") return replace(value as never, path);
    if (typeof value !== "object") throw new NotData(path, `is of type ${typeof value}`);
    if (above.has(value)) throw new NotData(path, "stands inside itself");
    if (above.size >= deepest) throw new NotData(path, `is deeper than ${deepest} levels`);
    above.add(value);
    const text = isList(value) ? writeList(value, path) : writeMapping(value, path);
    above.delete(value);
    return text;
  };
  const writeList = (list: readonly unknown[], path: string): string => {
    // Put together without what a program may have changed, such as the methods of lists.
    let text = "";
    const { length } = list;
    for (let index = 0; index < length; index++) {
      const at = `${path}[${index}]`;
      const item = propertyOf(list, String(index), at);
      if (item === undefined) throw new NotData(at, "is undefined");
      text += `${text === "" ? "" : ","}${write(item, at)}`;
    }
    return `[${text}]`;
  };
  const writeMapping = (mapping: object, path: string): string => {
    const base = getPrototypeOf(mapping);
    if (base !== plain && base !== null) throw new NotData(path, "is an object of a class, and no plain mapping");
    let text = "";
    for (const key of ownKeys(mapping)) {
      if (typeof key === "symbol") throw new NotData(path, "has a symbol as key");
      const at = path === "" ? key : `${path}.${key}`;
      if (key === "__proto__") throw new NotData(at, "is a key that is not allowed");
      const value = propertyOf(mapping, key, at);
      if (value !== undefined) text += `${text === "" ? "" : ","}${quote(key)}:${write(value, at)}`;
    }
    return `{${text}}`;
  };
  return write(root, "");
}

function propertyOf(holder: object, key: string, path: string): unknown {
  const found = getOwnPropertyDescriptor(holder, key);
  if (found !== undefined && !("value" in found)) throw new NotData(path, "is a getter, and no value");
  return found?.value;
}
