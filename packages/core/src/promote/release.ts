import type { Artifact } from "../model/artifact.ts";
import type { Intent } from "../model/decision.ts";
import { type Sha, timestamp } from "../model/names.ts";
import type { GateOverride, Pin, Release, ReleaseRecord, Written } from "../model/record.ts";
import { quiet } from "../records/quiet.ts";
import { commitMessage, oneLine, trailersOf } from "../records/trailers.ts";
import type { PromoteRequest } from "./options.ts";

/** What people call a version: its tag, else the tag of its only image, else the short commit. */
export function versionLabel(artifact: Artifact): string {
  if (artifact.version.tag !== undefined && artifact.version.tag !== "") return artifact.version.tag;
  const tags = new Set(Object.values(artifact.images).flatMap((image) => (image.tag === undefined ? [] : [image.tag])));
  const [only] = tags;
  return tags.size === 1 && only !== undefined ? only : artifact.version.sha.slice(0, 7);
}

/** The gates that people passed, behind a version; empty without one. */
export function pastGates({ overrides = [] }: Pick<Release, "overrides">): string {
  return overrides.length === 0 ? "" : `, past ${[...new Set(overrides.map(({ gate }) => gate))].join(", ")}`;
}

/** The release that a promotion makes. */
export function makeRelease(
  intent: Intent,
  request: PromoteRequest,
  facts: {
    decidedOn: Sha;
    now: number;
    isProposed: boolean;
    writes: Written[];
    superseded: string[];
    wasRejected: boolean;
    overrides: readonly GateOverride[];
    /** Files were put back as they were. */
    isExact: boolean;
  },
): Release {
  const at = timestamp(facts.now);
  return {
    request: request.request,
    kind:
      intent.rollback !== undefined
        ? "rollback"
        : facts.wasRejected || facts.overrides.length > 0
          ? "override"
          : "promotion",
    artifact: intent.artifact,
    decidedOn: facts.decidedOn,
    actor: request.actor,
    ...(request.reason === undefined ? {} : { reason: oneLine(request.reason, "The reason") }),
    decidedAt: at,
    // What is proposed is released when it is merged.
    releasedAt: facts.isProposed ? null : at,
    state: "committed",
    writes: facts.writes,
    superseded: facts.superseded,
    ...(facts.overrides.length === 0 ? {} : { overrides: [...facts.overrides] }),
    ...(facts.isExact ? { exact: true } : {}),
    ...(intent.artifact.trace === undefined ? {} : { trace: { traceparent: intent.artifact.trace.traceparent } }),
  };
}

/** What a commit carries: one release of an app in an environment. */
export interface Promoted {
  intent: Intent;
  release: Release;
  previous: ReleaseRecord;
  /** What holds it there from then on. */
  pin?: Pin | undefined;
}

/** The message of the commit that carries these releases. */
export function describePromotions(promoted: readonly Promoted[], subject: string | undefined): string {
  const lines = promoted.flatMap(({ intent, release, previous }) => {
    const was = previous.current === null ? "nothing" : versionLabel(previous.current.artifact);
    const line = `${intent.app} in ${intent.environment}: ${quietLabel(versionLabel(intent.artifact))} (was ${quietLabel(was)})`;
    return [line, ...overridesIn(release), ...(intent.rollback?.undoes ?? []).slice(0, undoneInMessage).map(undone)];
  });
  return commitMessage(
    subject ?? promotionTitle(promoted.map(({ intent }) => intent)),
    lines,
    promoted.map(({ intent, release }) => trailersOf(intent.app, intent.environment, release)),
  );
}

/** Releases that a rollback undoes and its commit's message names; the record has them all. */
const undoneInMessage = 10;

const undone = ({ artifact, decidedAt }: Release): string =>
  `  undoes ${quietLabel(versionLabel(artifact))}, ${artifact.id}, released ${decidedAt}`;

/** What people passed, and what it saw: text of others, on one line. */
const overridesIn = ({ overrides = [] }: Release): string[] =>
  overrides.map(({ gate, seen }) => {
    const line = seen.replace(/[\p{C}\u2028\u2029\s]+/gu, " ").trim();
    const text = `overrides ${gate}: ${line}`;
    return quiet(text.length > 200 ? `${text.slice(0, 199).replace(/[\ud800-\udbff]$/, "")}…` : text);
  });

/** What is promoted where, in one line: a commit's subject, or a proposal's title. */
export function promotionTitle(intents: readonly Intent[]): string {
  const [first] = intents;
  const isBack = intents.every(({ rollback }) => rollback !== undefined);
  if (intents.length === 1 && first !== undefined) {
    const version = quietLabel(versionLabel(first.artifact));
    return isBack
      ? `Roll back ${first.app} in ${first.environment} to ${version}`
      : `Promote ${first.app} to ${first.environment}: ${version}`;
  }
  const list = (names: string[]) => {
    const unique = [...new Set(names)];
    return unique.length > 3 ? `${unique.slice(0, 3).join(", ")} and ${unique.length - 3} more` : unique.join(", ");
  };
  const apps = list(intents.map(({ app }) => app));
  const environments = list(intents.map(({ environment }) => environment));
  return isBack ? `Roll back ${apps} in ${environments}` : `Promote ${apps} to ${environments}`;
}

/** A label from outside, harmless in a message: it cannot mention, close an issue or skip CI. */
export function quietLabel(label: string): string {
  return label.replace(/[^\w.+/-]/g, "_").slice(0, 80);
}
