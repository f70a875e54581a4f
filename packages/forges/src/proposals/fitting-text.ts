import type { ProposalText } from "@glu/core";

/** How long a title and a body may be, and how that is counted. */
export interface TextLimits {
  title: number;
  body: number;
  count(text: string): number;
}

/** A title, shortened by whole characters where it is too long. */
export function fittingTitle(title: string, { title: most, count }: TextLimits): string {
  return count(title) <= most ? title : `${cutTo(title, most - 1, count)}…`;
}

const notice = "\n\n*The rest is left out: it is longer than can be shown here.*";
/** Characters by which a text is cut further back, so that it ends with a line. */
const longestLine = 2000;

/**
 * A body, shortened where it is too long: by whole lines as far as there are any, with its code blocks and folded parts
 * closed. The comment at its end, which marks it, is kept.
 */
export function fittingBody(body: string, { body: most, count }: TextLimits): string {
  if (count(body) <= most) return body;
  const at = body.trimEnd().endsWith("-->") ? body.lastIndexOf("<!--") : -1;
  const mark = at < 0 ? "" : `\n\n${body.slice(at)}`;
  const text = (at < 0 ? body : body.slice(0, at)).trimEnd();
  // What closes it may need to be longer the further it is cut back, never by much.
  for (let room = most - count(mark) - count(notice), tries = 0; ; tries++) {
    const cut = backToLine(outsideOfComment(cutTo(text, Math.max(0, room), count)));
    const whole = `${cut}${closing(cut)}${notice}${mark}`;
    const over = count(whole) - most;
    if (over <= 0 || tries > 20) return whole;
    room -= over;
  }
}

/** Both. */
export const fitting = ({ title, body }: ProposalText, limits: TextLimits): ProposalText => ({
  title: fittingTitle(title, limits),
  body: fittingBody(body, limits),
});

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Units of UTF-16 that are looked back over for the beginning of a character. */
const longestCharacter = 64;

/** The beginning of a text that counts so many at most, and ends with a whole character as people see them. */
function cutTo(text: string, most: number, count: TextLimits["count"]): string {
  let [least, end] = [0, Math.min(text.length, most * 2)];
  while (least < end) {
    const middle = Math.ceil((least + end) / 2);
    if (count(text.slice(0, middle)) <= most) least = middle;
    else end = middle - 1;
  }
  if (least === text.length) return text;
  const from = Math.max(0, least - longestCharacter);
  const around = text.slice(from, least + longestCharacter);
  const character = segmenter.segment(around).containing(least - from);
  return text.slice(0, from + (character?.index ?? 0));
}

function backToLine(text: string): string {
  const at = text.lastIndexOf("\n");
  return at > 0 && text.length - at <= longestLine ? text.slice(0, at) : text;
}

/** Without a comment that is not closed: what comes behind it would not be seen. */
function outsideOfComment(text: string): string {
  const open = text.lastIndexOf("<!--");
  return open > text.lastIndexOf("-->") ? text.slice(0, open) : text;
}

/** What ends the code block and the folded parts that a text leaves open. */
function closing(text: string): string {
  let fence: string | undefined;
  let folded = 0;
  for (const line of text.split("\n")) {
    const [, run = ""] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined) {
      if (run !== "") fence = run;
      else folded += (line.match(/<details\b/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
    } else if (run.startsWith(fence) && /^ {0,3}[`~]+\s*$/.test(line)) {
      fence = undefined;
    }
  }
  return `${fence === undefined ? "" : `\n${fence}`}${"\n</details>".repeat(Math.max(0, folded))}`;
}
