import { isSemverRange, patternProblem } from "@glu/core";
import { z } from "zod";
import { image, withoutApp } from "./image.ts";
import { oneOrMany, text } from "./text.ts";

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

/** What each kind of source can say, by the key that names it. */
export const sourceKinds = {
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
export type SourceKindName = keyof typeof sourceKinds;
/** A part as it was given, checked. */
export type GivenPart = { [Kind in SourceKindName]: z.output<(typeof sourceKinds)[Kind]> }[SourceKindName];
