import { UserError } from "../errors.ts";
import type { GateOverride, Release } from "../model/record.ts";
import { quiet, quietSubject } from "./quiet.ts";

/** The facts of one intent as they stand in a commit message: a block of `Glu-*` trailers that starts with `Glu-Request`. */
export interface TrailerBlock {
  request: string;
  app: string;
  environment: string;
  artifact?: string;
  kind: string;
  /** Names of gates that people passed though they were not met. */
  override?: string;
  reason?: string;
  actor: string;
}

const keys: [keyof TrailerBlock, string][] = [
  ["request", "Glu-Request"],
  ["app", "Glu-App"],
  ["environment", "Glu-Environment"],
  ["artifact", "Glu-Artifact"],
  ["kind", "Glu-Kind"],
  ["override", "Glu-Override"],
  ["reason", "Glu-Reason"],
  ["actor", "Glu-Actor"],
];

/** The block of one release. */
export function trailersOf(app: string, environment: string, release: Release): TrailerBlock {
  return {
    request: release.request,
    app,
    environment,
    artifact: release.artifact.id,
    kind: release.kind,
    ...(release.overrides === undefined ? {} : { override: gatesIn(release.overrides) }),
    ...(release.reason === undefined ? {} : { reason: release.reason }),
    actor: release.actor.name,
  };
}

const gatesIn = (overrides: readonly GateOverride[]): string =>
  [...new Set(overrides.map(({ gate }) => gate))].join(", ");

/**
 * A commit message: subject, body, and the trailers as its last paragraph (git-interpret-trailers(1)). What people wrote
 * in it is {@link quiet}.
 * @throws UserError `input/line` when a value is not one line: it could forge a trailer
 */
export function commitMessage(subject: string, body: readonly string[], blocks: readonly TrailerBlock[]): string {
  const trailers = blocks.flatMap((block) =>
    keys.flatMap(([key, name]) => {
      const value = block[key];
      if (value === undefined) return [];
      const line = oneLine(value, name);
      return [`${name}: ${key === "reason" || key === "actor" ? quiet(line) : line}`];
    }),
  );
  const paragraphs = [
    quietSubject(oneLine(subject, "The subject")),
    body.map((text) => oneLine(text, "The body")).join("\n"),
  ];
  return `${[...paragraphs.filter((text) => text !== ""), trailers.join("\n")].join("\n\n")}\n`;
}

/** Whether a commit was made by Glu, or took over what Glu had committed: policies ignore it, complete block or not. */
export function carriesRequest(message: string): boolean {
  return /^\s*Glu-Request:\s*\S/m.test(message);
}

/** The blocks of a message, wherever they stand in it: a squash merge moves or indents them. */
export function parseTrailers(message: string): TrailerBlock[] {
  const blocks: Partial<TrailerBlock>[] = [];
  for (const text of message.split(/\r?\n/)) {
    const found = /^\s*(Glu-[A-Za-z]+):\s*(.*?)\s*$/.exec(text);
    const key = keys.find(([, name]) => name === found?.[1])?.[0];
    if (key === undefined) continue;
    if (key === "request") blocks.push({});
    const block = blocks.at(-1);
    if (block !== undefined && block[key] === undefined) block[key] = found?.[2] ?? "";
  }
  return blocks.filter(
    (block): block is TrailerBlock =>
      block.app !== undefined && block.environment !== undefined && block.kind !== undefined,
  );
}

/** What turns a line around for whoever reads it, so that it seems to say something else. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A value that stays on its line in a commit message, and reads there as it is. Control characters and line separators are
 * refused, the controls of writing directions left out.
 */
export function oneLine(value: string, what: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) {
    throw new UserError("input/line", `${what} has a line break or control character in it.`, {
      seen: value,
      fix: "Write it on one line.",
    });
  }
  return value.replace(turning, "").trim();
}
