import type { z } from "zod";
import type { GateSubject, Look } from "../gate.ts";
import { told } from "../outside/told.ts";
import { Unanswered } from "../outside/unanswered.ts";
import type { Wanted } from "./judged.ts";

/** The release that is looked for. */
export const wantedOf = ({ intent }: GateSubject, { release }: Look): Wanted =>
  release && {
    images: Object.values(intent.artifact.images),
    imagesBefore: release.before && Object.values(release.before.images),
    releasedAt: release.releasedAt,
  };

/** Whether the release is part of any of these; undefined where no one can be told to have or not to have it. */
export async function isInAny(revisions: readonly string[], { release }: Look): Promise<boolean | undefined> {
  if (release === undefined) return undefined;
  const answers = await Promise.all(revisions.map((one) => release.isIn(one)));
  if (answers.includes(true)) return true;
  return answers.length > 0 && answers.every((one) => one === false) ? false : undefined;
}

/** Messages of others, wherever they stand in what was read: short, on one line and without secrets. */
export function withShortMessages<T>(value: T, redact: (text: string) => string): T {
  const clean = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(clean);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [
        key,
        key === "message" && typeof inner === "string" ? told(inner, redact) : clean(inner),
      ]),
    );
  };
  return clean(value) as T;
}

/** @throws Unanswered `health/not-json`: what answers is something else */
export function read<T extends z.ZodType>(schema: T, document: unknown, who: string): z.output<T> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join(".")}` : "";
  throw new Unanswered("health/not-json", `${who} gave an answer that cannot be read${where}`, "another url");
}
