import { z } from "zod";
import { UserError } from "../errors.ts";
import { eventNames } from "../model/event-names.ts";
import type { Policy } from "../model/pipeline.ts";

const glob = z
  .string()
  .max(1000)
  .refine((value) => /^!?[^!\r\n][^\r\n]*$/.test(value), "is not a glob, such as main, release/** or !v*");
const event = z
  .string()
  .refine(
    (value) => (eventNames as readonly string[]).includes(value.replace(/^!/, "")),
    `is not an event: ${eventNames.join(", ")}`,
  );

/** One value or up to a hundred of them, read as a list. */
const some = (one: z.ZodType<string>) =>
  z.union([one.transform((value) => [value]), z.array(one).min(1, "must not be empty").max(100)]);

const policy = z
  .strictObject({
    event: some(event).optional(),
    branch: some(glob).optional(),
    tag: some(glob).optional(),
    message: some(glob).optional(),
  })
  .refine((value) => Object.keys(value).length > 0, "says nothing, which would match everything");

const policies = z.union([policy.transform((one) => [one]), z.array(policy).min(1, "must not be empty").max(100)]);

/**
 * GimletD's form: one event, and a branch with push or pr, or a tag with tag; GimletD starts nothing by any other.
 * https://gimlet.io/docs/gimlet-manifest-reference
 */
const deploy = z
  .strictObject({
    event: z.enum(["push", "tag", "pr"], { error: "must be push, tag or pr" }).optional(),
    branch: glob.optional(),
    tag: glob.optional(),
    commitMessagePatterns: z.array(glob).min(1, "must not be empty").max(100).optional(),
  })
  .refine((value) => Object.keys(value).length > 0, "says nothing, which would match everything")
  .refine(
    ({ branch, event: on }) => branch === undefined || on === "push" || on === "pr",
    "has a branch, which needs the event push or pr",
  )
  .refine(({ tag, event: on }) => tag === undefined || on === "tag", "has a tag, which needs the event tag");

/**
 * What a manifest says should start a promotion: its `policy`, of the shape that an environment's has, or GimletD's
 * `deploy`, read as one. Undefined: it says nothing of it.
 * @throws UserError `manifest/policy`
 */
export function manifestPolicy(manifest: Readonly<Record<string, unknown>>): Policy[] | undefined {
  const own = manifest.policy ?? undefined;
  const gimletd = manifest.deploy ?? undefined;
  if (own !== undefined && gimletd !== undefined) {
    throw badPolicy("has both policy and deploy", ["policy", "deploy"], "Keep one of them.");
  }
  if (own !== undefined) return parsed("policy", policies, own) as Policy[];
  if (gimletd === undefined) return undefined;
  const { event: on, branch, tag, commitMessagePatterns: message } = parsed("deploy", deploy, gimletd);
  return [
    {
      ...(on === undefined ? {} : { event: [on] }),
      ...(branch === undefined ? {} : { branch: [branch] }),
      ...(tag === undefined ? {} : { tag: [tag] }),
      ...(message === undefined ? {} : { message }),
    },
  ];
}

function parsed<T>(key: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [path, why] = mistake(result.error.issues, [key]);
  const fix =
    key === "policy"
      ? "Say which artifacts, such as policy: { event: push, branch: main }; no other keys than event, branch, tag and message."
      : "Write it as GimletD has it, such as deploy: { event: push, branch: main }.";
  throw badPolicy(`cannot be read: ${path}: ${why}`, value, fix);
}

/** Of the forms that a value may have, what is wrong with the one that it comes closest to. */
function mistake(issues: readonly z.core.$ZodIssue[], at: readonly PropertyKey[]): [path: string, why: string] {
  const [issue] = issues;
  const path = [...at, ...(issue?.path ?? [])];
  if (issue?.code === "invalid_union") {
    const deepest = issue.errors
      .map((one) => ({ one, depth: Math.max(...one.map((each) => each.path.length)) }))
      .sort((a, b) => b.depth - a.depth)
      .find(({ one }) => one.some(({ code }) => code !== "invalid_type"));
    if (deepest !== undefined) return mistake(deepest.one, path);
  }
  // Keys are the artifact's: quoted, and no longer than people read.
  const why =
    issue?.code === "unrecognized_keys"
      ? `unknown key ${JSON.stringify(String(issue.keys[0]).slice(0, 100))}`
      : (issue?.message ?? "is not one");
  return [path.map(String).join("."), why];
}

const badPolicy = (why: string, seen: unknown, fix: string): UserError =>
  new UserError("manifest/policy", `The policy of the manifest ${why}.`, { seen, fix });
