import { clip, count } from "../clip.ts";
import { type Block, code, type Document, type Line, link } from "../document.ts";
import type { ArtifactReport } from "../report.ts";
import { day } from "../times.ts";
import { short, versionOf } from "../version.ts";
import { closing } from "./closing.ts";
import { limitedTable } from "./limited-table.ts";
import type { Room } from "./room.ts";

const verbs = { created: "created", exists: "is already stored", planned: "would be created" } as const;

/** What `build-artifact` made. */
export function describeArtifact(report: ArtifactReport, room: Room): Document {
  const { artifact, result, requested } = report;
  const asked = requested === undefined ? "" : `, promotion asked of ${clip(requested.target, 100)}`;
  return {
    headline: {
      icon: result === "planned" ? "planned" : "artifact",
      text: `${artifact.app} ${versionOf(artifact)} ${verbs[result]}${asked}`,
    },
    blocks: [
      { kind: "paragraph", muted: true, line: source(report) },
      {
        kind: "table",
        caption: "Artifact",
        columns: ["Artifact", `${artifact.app} ${versionOf(artifact)}`],
        rows: facts(report),
      },
      ...images(report, room),
      ...items(report, room),
      ...report.notices.map((text): Block => ({ kind: "notice", tone: "note", line: [clip(text, 1000)] })),
      ...closing(report),
    ],
  };
}

function source({ artifact, links }: ArtifactReport): Line {
  const { version } = artifact;
  return [
    "Built from ",
    link(short(version.sha), links.artifactSource?.(artifact)),
    ...(version.branch === "" ? [] : [" on ", code(clip(version.branch, 200))]),
    ` of ${clip(version.repositoryName, 200)}, committed ${day(artifact.committedAt)}`,
    ...(links.run === undefined ? [] : [" · ", link("this run", links.run)]),
  ];
}

function facts({ artifact, digest, store, requested, links }: ArtifactReport): Line[][] {
  const { message, authorName } = artifact.version;
  return [
    [["Id"], [code(artifact.id)]],
    [["Digest"], [code(digest)]],
    ...(store === undefined
      ? []
      : [[["Stored in"], [code(clip(store.ref, 200)), " of ", link(clip(store.location, 200), links.repository)]]]),
    ...(message === undefined ? [] : [[["Message"], [clip(message.split("\n")[0] ?? "", 200)]]]),
    ...(authorName === undefined ? [] : [[["Author"], [clip(authorName, 100)]]]),
    ...(requested === undefined ? [] : [[["Promotion asked of"], [link(clip(requested.target, 200), requested.url)]]]),
  ];
}

function images({ artifact }: ArtifactReport, room: Room): Block[] {
  const all = Object.entries(artifact.images);
  if (all.length === 0) return [];
  return limitedTable(
    {
      kind: "table",
      caption: "Images",
      columns: ["Image", "Repository", "Tag", "Digest"],
      rows: all.map(([key, image]) => [
        [{ kind: "strong", text: key }],
        [code(clip(image.name, 200))],
        image.tag === undefined ? [] : [clip(image.tag, 100)],
        [code(image.digest)],
      ]),
    },
    room,
  );
}

function items({ artifact }: ArtifactReport, room: Room): Block[] {
  if (artifact.items.length === 0) return [];
  const table = limitedTable(
    {
      kind: "table",
      caption: "Items",
      columns: ["Item", "Address"],
      rows: artifact.items.map((item) => [
        [clip(item.name, 200)],
        item.url === undefined ? [] : [link(clip(item.url, 200), item.url)],
      ]),
    },
    room,
  );
  if (artifact.items.length <= 5) return table;
  return [{ kind: "details", summary: count(artifact.items.length, "item"), blocks: table, terminal: true }];
}
