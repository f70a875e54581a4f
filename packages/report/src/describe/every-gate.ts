import type { Decision } from "@glu/core";
import { clip, count } from "../clip.ts";
import { type Block, code, type Line, link } from "../document.ts";
import type { Links } from "../report.ts";
import { versionOf } from "../version.ts";
import { cellLength } from "./decision-table.ts";
import { limitedTable } from "./limited-table.ts";
import type { Room } from "./room.ts";

/** Every gate of every decision, met or not, and the artifact it was about: for those who want to know all. */
export function everyGate(decisions: readonly Decision[], links: Links, room: Room): Block[] {
  if (decisions.length === 0) return [];
  const gates = decisions.flatMap((one) => one.gates);
  const rows = decisions.flatMap((decision) => {
    const { intent, gates: own } = decision;
    const about: Line = [{ kind: "strong", text: intent.app }, ` → ${intent.environment}`];
    return own.map((gate, index): Line[] => [
      index === 0 ? about : ["〃"],
      [gate.name],
      [gate.met ? "✓ met" : `✗ ${gate.outcome}`],
      [clip(gate.seen, cellLength)],
    ]);
  });
  const artifacts = [...new Map(decisions.map(({ intent }) => [intent.artifact.id, intent.artifact])).values()];
  return [
    {
      kind: "details",
      summary: `${count(artifacts.length, "artifact")}, ${count(gates.length, "gate")}`,
      terminal: false,
      blocks: [
        ...limitedTable(
          {
            kind: "table",
            caption: "Artifacts",
            columns: ["App", "Artifact", "Version", "Source", "Message"],
            rows: artifacts.map((artifact) => {
              const { version } = artifact;
              const branch: Line = version.branch === "" ? [] : [" on ", code(clip(version.branch, 100))];
              return [
                [{ kind: "strong", text: artifact.app }],
                [code(artifact.id)],
                [versionOf(artifact)],
                [
                  link(version.sha.slice(0, 7), links.artifactSource?.(artifact)),
                  ...branch,
                  ` of ${version.repositoryName}`,
                ],
                version.message === undefined ? [] : [clip(version.message.split("\n")[0] ?? "", 120)],
              ];
            }),
          },
          room,
        ),
        ...(rows.length === 0
          ? []
          : limitedTable(
              { kind: "table", caption: "Gates", columns: ["App → environment", "Gate", "Met", "Seen"], rows },
              room,
            )),
      ],
    },
  ];
}
