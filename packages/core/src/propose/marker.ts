import { z } from "zod";

const markerSchema = z.strictObject({
  schema: z.literal("glu.proposal.v1"),
  environment: z.string(),
  /** App to the id of the artifact that is proposed. */
  artifacts: z.record(z.string(), z.string()),
  request: z.string(),
  /** Of the files on the config branch that it changes, as they were when it was written. */
  onto: z.string(),
  /** Of what somebody asked for beyond the artifacts: see `whatIsAsked`. */
  asked: z.string().optional(),
  /** The config repository, where it is another one than that of the pull request. */
  config: z.string().optional(),
  /** The request of a rollback after a failure that was proposed by it, before somebody asked for something else by name. */
  insteadOf: z.string().optional(),
  /** That Glu closed it, since something else has taken its place. */
  superseded: z.literal(true).optional(),
});

/** What a proposal says of itself to the next run, in a comment of its body. */
export type Marker = Omit<z.infer<typeof markerSchema>, "schema">;

/** The comment, which no page shows. Names, ids and digests cannot end it. */
function writeMarker(marker: Marker): string {
  return `<!-- glu:proposal ${JSON.stringify({ schema: "glu.proposal.v1", ...marker })} -->`;
}

/** A body that ends with its marker, and has no other: a file that is shown in a diff may hold what looks like one. */
export const marked = (body: string, marker: Marker): string =>
  `${body.replaceAll("<!-- glu:", "<!\u200b-- glu:").trimEnd()}\n\n${writeMarker(marker)}\n`;

const pattern = /<!-- glu:proposal (\{[^\n]*?\}) -->/g;

/** A body whose marker says something else from now on. */
export const withMarker = (body: string, marker: Marker): string => body.replace(pattern, () => writeMarker(marker));

/** The marker of a body; undefined when it has none that can be read, or more than one. */
export function readMarker(body: string): Marker | undefined {
  const [only, ...others] = [...body.matchAll(pattern)];
  if (only?.[1] === undefined || others.length > 0) return undefined;
  try {
    const { schema: _, ...marker } = markerSchema.parse(JSON.parse(only[1]));
    return marker;
  } catch {
    // Somebody changed it: it is no marker then.
    return undefined;
  }
}
