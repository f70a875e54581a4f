import { isSemverRange, patternProblem, type Source, type SourcePart } from "@glu/core";
import { z } from "zod";
import { suggest } from "../source/nearest.ts";
import { tellSchema } from "./explain-issue.ts";
import { image, withoutApp } from "./image.ts";
import { examples, issue, oneOrMany, text } from "./text.ts";

const range = text({
  description: "A range of semantic versions, such as ^1.2 or >=1.0.0 <2.0.0. '*' is all. Without an order it is '*'.",
  example: '"^1.2"',
  pattern: /^[^\r\n]+$/,
  check: (value) =>
    isSemverRange(value)
      ? undefined
      : { message: "is no range of semantic versions", code: "config/range", fix: "Write one such as ^1.2 or >=1 <3." },
});

const expression = text({
  description:
    "A regular expression (RE2) that the whole name must match. What its first group holds is compared in place of the name.",
  example: "'main-[0-9a-f]+-(\\d+)'",
  pattern: /^[^\r\n]{1,500}$/,
  check: (value) => {
    const why = patternProblem(value);
    if (why === undefined) return undefined;
    const fix =
      "Write a regular expression of RE2, of at most 500 characters, without look-around and back references.";
    return { message: `cannot be used as a pattern: ${why}`, code: "config/pattern", fix };
  },
});

const glob = text({
  description: "A glob over names that never count, such as 1.3.0 or *-arm64.",
  pattern: /^[^!\r\n][^\r\n]*$/,
  check: (value) =>
    value === "" || value.startsWith("!") || /[\r\n]/.test(value)
      ? { message: "is not a glob", code: "config/glob", fix: "Write a name or a pattern such as *-rc*, without '!'." }
      : undefined,
});

const tagName = text({
  description: "A tag that moves, such as main: each new digest is a version.",
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
});

const branchName = text({
  description: "A branch: each new commit is a version. Without it tags are followed.",
  pattern: /^[^\s~^:?*[\\-][^\s~^:?*[\\]*$/,
});

const gitRepository = text({
  description: "A Git repository: a URL without credentials, or owner/name beside the config repository.",
  example: "acme/web",
  pattern: /^[^\r\n]+$/,
  check: (value) =>
    /^(?:https?:\/\/|ssh:\/\/(?:[\w.-]+@)?|[\w.-]+@[\w.-]+:)(?!-)[^\s@]+$/.test(value) ||
    /^(?!-)[\w.-]+(?:\/(?!-)[\w.-]+)+$/.test(withoutApp(value))
      ? undefined
      : { message: "is not a repository", code: "config/repository", fix: "Write owner/name or an https:// URL." },
});

const forgeRepository = text({
  description: "A repository on a forge as owner/name.",
  example: "acme/web",
  pattern: /^[^/]+(?:\/[^/]+)+$/,
  check: (value) =>
    /^[\w.][\w.-]*(?:\/[\w.][\w.-]*)+$/.test(withoutApp(value))
      ? undefined
      : { message: "is not a repository", code: "config/repository", fix: "Write owner/name." },
});

const chartRepository = text({
  description: "Where charts are: the URL of an HTTP repository, or oci:// with host and path but without the chart.",
  example: "https://charts.acme.dev",
  pattern: /^(?:https?|oci):\/\/[^\s@]+$/,
  check: (value) => {
    const fix = "Write https://charts.acme.dev or oci://ghcr.io/acme/charts, without credentials.";
    const form = { message: "is not a chart repository", code: "config/chart", fix };
    if (!/^(?:https?|oci):\/\/[^\s@?#]+$/.test(value)) return form;
    const loopback = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/]|$)/;
    // What a chart says is deployed: nobody on the way may change it.
    return value.startsWith("http:") && !loopback.test(value)
      ? { ...form, message: "is not protected by TLS" }
      : undefined;
  },
});

const chartName = text({
  description: "The chart's name. {{ app }} may stand in it.",
  example: "web",
  pattern: /^[^/]+$/,
  check: (value) =>
    /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(withoutApp(value))
      ? undefined
      : { message: "is not a chart's name", code: "config/chart", fix: "Write its name alone, such as web." },
});

/** What says which versions count, of every kind. */
const constraint = {
  semver: range.optional(),
  build: z
    .enum(["number", "date"])
    .describe("The newest build: names are compared as a number, or as a date such as 20260131 or 2026-01-31T10-00.")
    .optional(),
  prereleases: z
    .boolean()
    .describe("Whether pre-releases such as 1.3.0-rc.1 count. Without it they do not.")
    .optional(),
  pattern: expression.optional(),
  ignore: oneOrMany(glob, "Names that never count.", '"1.3.0"').optional(),
};

const kinds = {
  oci: z.strictObject({
    oci: image,
    set: oneOrMany(image, "Further images: a tag counts when all of them have it.", "ghcr.io/acme/worker").optional(),
    tag: tagName.optional(),
    ...constraint,
  }),
  helm: z.strictObject({ helm: chartRepository, chart: chartName, ...constraint }),
  git: z.strictObject({ git: gitRepository, branch: branchName.optional(), ...constraint }),
  releases: z.strictObject({
    releases: forgeRepository,
    on: z.enum(["github", "gitlab"]).describe("The forge that the repository is on."),
    ...constraint,
  }),
};
type Kind = keyof typeof kinds;
type Given = { [K in Kind]: z.output<(typeof kinds)[K]> }[Kind];

const names = Object.keys(kinds) as Kind[];
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
  const parsed = kinds[kind].safeParse(value, parsing);
  if (!parsed.success) {
    for (const found of parsed.error.issues) pass(found);
    return undefined;
  }
  return toPart(parsed.data as Given, refuse);
}

function toPart(given: Given, refuse: Refuse): SourcePart | undefined {
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
  const without = idle.find((key) => given[key as keyof Given] !== undefined);
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
  return { parts: [head, ...(rest as SourcePart[])], limit: count.data };
});

/** What the published schema says in the place of {@link sourceEntry}. */
export const publishedSource = z.union(
  names.map((kind) =>
    z.strictObject({
      ...kinds[kind].shape,
      limit: limit.optional(),
      with: z
        .array(z.union(Object.values(kinds)))
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
