import { dottedScope } from "./dotted-names.ts";

type Variables = Readonly<Record<string, unknown>>;

/**
 * A copy of the variables for the engine: plain data only, nothing inherited. The engine reads `.size` of any mapping
 * as the number of its keys, which would let a missing variable of that name pass: an own `size` stops it.
 */
export function createScope(variables: Variables): Record<string, unknown> {
  const scope = copy(variables) as Record<string, unknown>;
  const layers = [variables.vars, variables.context].map((one) => (isMapping(one) ? one : {}));
  scope[dottedScope] = copy({ ...layers[1], ...layers[0] });
  return scope;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isMapping(value)) return typeof value === "function" ? undefined : value;
  const target = Object.create(null) as Record<string, unknown>;
  for (const [key, one] of Object.entries(value)) target[key] = copy(one);
  if (!Object.hasOwn(target, "size")) Object.defineProperty(target, "size", { value: undefined });
  return target;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every name that a template could have meant: `images.web.tag`, and `.SHA` for vars and context. */
export function listNames(scope: Readonly<Record<string, unknown>>): string[] {
  const names: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (names.length >= 2000) return;
    if (!isMapping(value)) {
      if (value !== undefined && value !== null) names.push(path);
      return;
    }
    for (const [key, one] of Object.entries(value)) walk(one, path === "" ? key : `${path}.${key}`);
  };
  walk(scope, "");
  return names.map(showName);
}

/** A name as the author of a template writes it. */
export function showName(name: string): string {
  return name.startsWith(`${dottedScope}.`) ? name.slice(dottedScope.length) : name;
}
