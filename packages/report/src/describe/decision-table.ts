import type { Decision, GateResult } from "@glu/core";
import { clip } from "../clip.ts";
import { code, type Line, link, strong, type Table } from "../document.ts";
import type { Links } from "../report.ts";
import { moment, together } from "../times.ts";
import { versionOf } from "../version.ts";
import type { NameArtifacts } from "./artifact-names.ts";
import { cellLength, gateSeen } from "./gate-seen.ts";
import { withoutEmptyColumns } from "./limited-table.ts";

/** Why each decision is what it is: one row per gate that is not met, else one row with the reason. */
export function decisionTable(
  decisions: readonly Decision[],
  { links, now, named }: { links: Links; now: number; named: NameArtifacts },
): Table {
  return withoutEmptyColumns({
    kind: "table",
    caption: "Decisions",
    columns: ["App → environment", "Artifact", "Result", "Why", "Since", "Who or what clears it", "Clears at"],
    rows: decisions.flatMap((decision) => {
      const { intent } = decision;
      const about: Line[] = [
        place(intent),
        [artifactLink(decision, links)],
        [{ kind: "result", result: decision.result }],
      ];
      const unmet = decision.gates.filter((gate) => !gate.met);
      if (unmet.length === 0)
        return [[...about, reason({ ...decision, reason: named(decision.reason) }, links), [], [], []]];
      return unmet.map((gate) => [...about, ...why({ ...gate, seen: named(gate.seen) }, now)]);
    }),
  });
}

/** `frontend → production`, not broken after the arrow. */
export const place = ({ app, environment }: { app: string; environment: string }): Line => [
  strong(app),
  ` ${together(`→ ${environment}`)}`,
];

export function artifactLink({ intent }: Decision, links: Links): Line[number] {
  return link(versionOf(intent.artifact), links.artifactSource?.(intent.artifact));
}

function reason({ reason: text, repeated, commit, proposal }: Decision, links: Links): Line {
  // What was merged names it already.
  if (proposal !== undefined && !text.startsWith(`#${proposal.number} `))
    return [clip(text, cellLength), ", in ", link(`#${proposal.number}`, proposal.url)];
  if (!repeated) return [clip(text, cellLength)];
  const earlier = "done earlier by the same request";
  return commit === undefined
    ? [`${clip(text, cellLength)} (${earlier})`]
    : [`${clip(text, cellLength)} (${earlier}, `, commitLink(commit, links), ")"];
}

export const commitLink = (commit: string, links: Links): Line[number] => ({
  kind: "link",
  text: commit.slice(0, 7),
  href: links.commit?.(commit),
  code: true,
});

/** What one unmet gate says: seen, since, cleared by, clears at. */
export function why(gate: GateResult, now: number): Line[] {
  return [
    gateSeen(gate),
    gate.since === undefined ? [] : moment(gate.since, now),
    gate.clearedBy === undefined ? [] : [clearedBy(gate.clearedBy)],
    gate.clearsAt === undefined ? [] : moment(gate.clearsAt, now),
  ];
}

/** A command to type is set as code. */
export function clearedBy(text: string): Line[number] {
  const shown = clip(text, cellLength);
  return shown.startsWith("glu ") ? code(shown) : shown;
}
