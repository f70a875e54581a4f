import { z } from "zod";
import type { Item } from "../model/artifact.ts";
import { defineGate, met, sinceMade, unmet } from "./gate.ts";
import { checked } from "./option.ts";

const bound = z.number("must be a number");
const limits = checked(
  z
    .strictObject({
      min: bound.describe("The least it may be.").optional(),
      max: bound.describe("The most it may be.").optional(),
    })
    .describe("The least and the most that a number may be, such as { max: 0 }."),
  ({ min, max }) => {
    const fix = "Write { max: 0 }, { min: 80 } or both.";
    if (min === undefined && max === undefined) return { code: "config/value", message: "must have min or max", fix };
    if (min !== undefined && max !== undefined && min > max)
      return { code: "config/value", message: "must have a min that is no more than its max", fix };
    return undefined;
  },
);

const wanted = z
  .union([z.string(), z.number(), z.boolean(), limits, z.array(z.string()).min(1, "must not be empty")])
  .describe("What the field must be: a value, a list of texts of which one, or { min, max } for a number.");
type Wanted = z.output<typeof wanted>;

const options = z
  .object({ name: z.string().min(1).describe("The item's name, such as tests.") })
  .catchall(wanted)
  .describe("An item the artifact must carry, and what its fields must be: { name: tests, state: success }.");

/**
 * The artifact must carry an item of a name, with fields that say what is asked. An item is JSON that CI attached, of
 * whatever shape: a field that is not there, or is of another type, is not what is asked.
 */
export const item = defineGate({
  name: "item",
  options,
  outcome: "held",
  // Items are asked of the artifact's store.
  observes: "outside",
  observe: async (_subject, _state, { name }, look): Promise<Item | undefined> =>
    (await look.items()).find((one) => one.name === name),
  check: (found, { name, ...fields }, now, { intent }) => {
    const since = sinceMade(intent.artifact, now);
    if (found === undefined) {
      const json = JSON.stringify(example(name, fields)).replaceAll("'", "'\\''");
      const add = `glu artifact add ${intent.artifact.id} --app ${intent.app} --item '${json}'`;
      return unmet(`has no item ${JSON.stringify(name)} yet`, { code: "item/missing", since, clearedBy: add });
    }
    const wrong = Object.entries(fields).flatMap(([path, want]) => {
      const value = fieldOf(found, path);
      return is(value, want) ? [] : [`${path} is ${show(value)}, not ${describe(want)}`];
    });
    const seen = Object.keys(fields).map((path) => `${path} is ${show(fieldOf(found, path))}`);
    if (wrong.length === 0) return met(`has the item ${JSON.stringify(name)}${seen.map((one) => `, ${one}`).join("")}`);
    return unmet(`its item ${JSON.stringify(name)} is not as asked: ${wrong.join(", ")}`, {
      code: "item/not-as-asked",
      since,
      clearedBy: "an artifact whose item says so: items are never replaced",
    });
  },
});

/** The field of that name, else what the dots of the name lead to. Only what the item itself has. */
function fieldOf(found: unknown, path: string): unknown {
  if (typeof found !== "object" || found === null) return undefined;
  if (Object.hasOwn(found, path)) return (found as Record<string, unknown>)[path];
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const [first, rest] = [path.slice(0, dot), path.slice(dot + 1)];
    if (Object.hasOwn(found, first)) return fieldOf((found as Record<string, unknown>)[first], rest);
  }
  return undefined;
}

function is(value: unknown, want: Wanted): boolean {
  if (Array.isArray(want)) return want.includes(value as string);
  if (typeof want !== "object") return value === want;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = want;
  return typeof value === "number" && value >= min && value <= max;
}

function describe(want: Wanted): string {
  if (Array.isArray(want)) return want.map((one) => JSON.stringify(one)).join(" or ");
  if (typeof want !== "object") return JSON.stringify(want);
  const { min, max } = want;
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

/** What was found, as JSON, and not all of a large one. */
function show(value: unknown): string {
  if (value === undefined) return "not there";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** An item as it is asked for, for whoever has to attach it. */
function example(name: string, fields: Record<string, Wanted>): Record<string, unknown> {
  const values = Object.entries(fields).map(([path, want]): [string, unknown] => {
    if (Array.isArray(want)) return [path, want[0]];
    return [path, typeof want === "object" ? (want.max ?? want.min) : want];
  });
  return { name, ...Object.fromEntries(values) };
}
