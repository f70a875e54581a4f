import type { Decision, GateResult } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Line, lineBreak, link, type Span } from "../document.ts";
import type { Links } from "../report.ts";
import { short } from "../version.ts";
import { place } from "./decision-table.ts";
import { gateSeen } from "./gate-seen.ts";
import { limitedTable } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** Every gate of every decision, met or not, and the artifact it was about: for those who want to know all. */
export function everyGate(decisions: readonly Decision[], links: Links, room: Room): Block[] {
  if (decisions.length === 0) return [];
  const gates = decisions.reduce((total, one) => total + one.gates.length, 0);
  return [
    {
      kind: "details",
      summary: `Every gate: ${count(gates, "gate")} of ${count(decisions.length, "decision")}`,
      terminal: false,
      blocks: limitedTable(
        {
          kind: "table",
          caption: "Every gate",
          columns: ["App → environment", "Gates", "Artifact"],
          rows: decisions.map((decision) => [
            place(decision.intent),
            decision.gates.flatMap(gateLine).slice(1),
            artifactLines(decision, links),
          ]),
        },
        room,
      ),
    },
  ];
}

const gateLine = (gate: GateResult): Span[] => [
  lineBreak,
  gate.override !== undefined ? "! " : gate.met ? "✓ " : "✗ ",
  ...gateSeen(gate),
];

function artifactLines({ intent: { artifact } }: Decision, links: Links): Line {
  const { version } = artifact;
  const subject = clip(version.message?.split("\n")[0] ?? "", 120);
  return [
    code(artifact.id),
    lineBreak,
    link(short(version.sha), links.artifactSource?.(artifact)),
    ...(version.branch === "" ? [] : [" on ", code(clip(version.branch, 100))]),
    ` of ${clip(version.repositoryName, 100)}`,
    ...(subject === "" ? [] : [lineBreak, subject]),
  ];
}
