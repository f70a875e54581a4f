import type { Source, SourcePart } from "@glu/core";
import { z } from "zod";
import { suggest } from "../source/nearest.ts";
import { tellSchema } from "./explain-issue.ts";
import { type GivenPart, type SourceKindName, sourceKinds } from "./source-kinds.ts";
import { examples, issue } from "./text.ts";

const names = Object.keys(sourceKinds) as SourceKindName[];
const known = `The kinds of source are ${names.join(", ")}.`;
const parsing = { error: tellSchema, reportInput: true };
type Refuse = (message: string, code: string, fix: string, path?: PropertyKey[]) => void;

/** One part: the key that names its kind decides which others it has. */
function readPart(value: Record<string, unknown>, refuse: Refuse, pass: (found: z.core.$ZodIssue) => void) {
  const [kind, another] = names.filter((name) => Object.hasOwn(value, name));
  if (kind === undefined) {
    const fix = suggest(Object.keys(value)[0] ?? "", names, "The kinds of source are");
    refuse("must name a kind of source", "config/source", fix);
    return undefined;
  }
  if (another !== undefined) {
    refuse(`names two kinds of source, ${kind} and ${another}`, "config/source", "Make them two entries of the list.");
    return undefined;
  }
  const parsed = sourceKinds[kind].safeParse(value, parsing);
  if (!parsed.success) {
    for (const found of parsed.error.issues) pass(found);
    return undefined;
  }
  return toPart(parsed.data as GivenPart, refuse);
}

function toPart(given: GivenPart, refuse: Refuse): SourcePart | undefined {
  const moving =
    "tag" in given && given.tag !== undefined ? "tag" : "branch" in given && given.branch ? "branch" : undefined;
  const orders = [moving, ...(["semver", "build"] as const).filter((key) => given[key] !== undefined)].filter(Boolean);
  if (orders.length > 1) {
    refuse(`has two orders, ${orders.join(" and ")}`, "config/source", "Keep one of them.", [orders[1] as string]);
    return undefined;
  }
  // What would be without effect is a mistake.
  const idle =
    moving !== undefined ? ["prereleases", "pattern", "ignore"] : given.build !== undefined ? ["prereleases"] : [];
  const without = idle.find((key) => given[key as keyof GivenPart] !== undefined);
  if (without !== undefined) {
    const why = moving === undefined ? "build has none" : `${moving} is one name`;
    refuse(`has no effect here: ${why}`, "config/source", `Remove ${without}.`, [without]);
    return undefined;
  }
  const name = "tag" in given && given.tag !== undefined ? given.tag : "branch" in given ? given.branch : undefined;
  const shared = {
    order:
      name !== undefined
        ? { kind: "name" as const, name }
        : given.build !== undefined
          ? { kind: "build" as const, as: given.build }
          : { kind: "semver" as const, range: given.semver ?? "*", prereleases: given.prereleases ?? false },
    pattern: given.pattern,
    ignore: given.ignore ?? [],
  };
  if ("oci" in given) return { kind: "oci", image: given.oci, set: given.set ?? [], ...shared };
  if ("helm" in given) return { kind: "helm", repository: given.helm, chart: given.chart, ...shared };
  if ("git" in given) {
    return { kind: "git", repository: given.git, refs: given.branch === undefined ? "tags" : "branch", ...shared };
  }
  return { kind: "releases", repository: given.releases, on: given.on, ...shared };
}

const limit = z
  .number()
  .int()
  .min(1, "must be 1 to 50")
  .max(50, "must be 1 to 50")
  .describe("How many of the newest versions become artifacts: 1 to 50. Without it 1.");

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An entry of `sources`: a part, `with` what comes along with it. */
const entry: z.ZodType<Source> = z.unknown().transform((value, context): Source => {
  const refuseAt =
    (at: PropertyKey[]): Refuse =>
    (message, code, fix, path = []) => {
      const where = [...at, ...path];
      context.issues.push({
        ...issue(message, { code, fix, on: "key" }, where),
        input: where.length > 0 ? undefined : value,
      });
    };
  const passAt =
    (at: PropertyKey[]) =>
    (found: z.core.$ZodIssue): void => {
      context.issues.push({ ...found, path: [...at, ...found.path] } as z.core.$ZodRawIssue);
    };
  if (!isMapping(value)) {
    refuseAt([])("must be a mapping", "config/type", known);
    return z.NEVER;
  }
  const { with: along = [], limit: most = 1, ...first } = value;
  const count = limit.safeParse(most, parsing);
  if (!count.success) for (const found of count.error.issues) passAt(["limit"])(found);
  if (!Array.isArray(along)) {
    refuseAt(["with"])("must be a list of sources", "config/type", known);
    return z.NEVER;
  }
  const parts = [
    readPart(first, refuseAt([]), passAt([])),
    ...along.map((one: unknown, index) => {
      const at = ["with", index];
      if (isMapping(one)) return readPart(one, refuseAt(at), passAt(at));
      refuseAt(at)("must be a mapping", "config/type", known);
      return undefined;
    }),
  ];
  const [head, ...rest] = parts;
  if (head === undefined || rest.includes(undefined) || !count.success) return z.NEVER;
  if (value.limit !== undefined && head.order.kind === "name") {
    refuseAt([])("has no effect here: a name that moves is one version", "config/source", "Remove limit.", ["limit"]);
    return z.NEVER;
  }
  return { parts: [head, ...(rest as SourcePart[])], limit: count.data };
});

/** What the published schema says in the place of {@link sourceEntry}. */
export const publishedSource = z.union(
  names.map((kind) =>
    z.strictObject({
      ...sourceKinds[kind].shape,
      limit: limit.optional(),
      with: z
        .array(z.union(Object.values(sourceKinds)))
        .describe("What comes along: of each the newest goes into the same artifact.")
        .optional(),
    }),
  ),
);

export const sourceEntry = entry;

export const sources = z
  .array(entry)
  .min(1, "must not be empty")
  .describe("Where new versions come from, beside what CI builds. It replaces what a more general layer says.")
  .register(examples, { example: '[{ oci: ghcr.io/acme/web, semver: "^1" }]' });
