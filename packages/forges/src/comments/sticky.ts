import type { Commented } from "@glu/core";

/** A comment as a forge gives it. */
export interface Said {
  id: number;
  author: string | number | undefined;
  body: string;
  url: string | undefined;
}

/** How a forge's comments on one pull request are written. */
export interface Writing {
  /** @returns its page */
  post(body: string): Promise<string | undefined>;
  /** @returns its page */
  change(id: number, body: string): Promise<string | undefined>;
  /** One that is not there any more is removed. */
  remove(id: number): Promise<void>;
  page(said: Said): string | undefined | Promise<string | undefined>;
}

/** In a comment, which no page shows. */
const markerOf = (key: string): string => `<!-- glu:comment ${key} -->`;

/**
 * Writes the one comment of a key, which is found by its mark. Of several that runs made at the same moment the oldest
 * has it, and the others are removed once it is told there what they said.
 * @param all comments on the pull request
 * @param textFor as the port has it
 */
export async function stick(
  { key, me, all }: { key: string; me: string | number; all: readonly Said[] },
  textFor: (said: readonly string[]) => string | undefined,
  writing: Writing,
): Promise<Commented> {
  const [own, ...spare] = ownOf(all, key, me);
  const text = textFor([...(own === undefined ? [] : [own]), ...spare].map(({ body }) => body));
  if (text === undefined) return { url: own && (await writing.page(own)), written: false };
  const body = `${text.trimEnd()}\n\n${markerOf(key)}`;
  if (own === undefined) return { url: await writing.post(body), written: true };
  const isSaid = saysSame(own.body, body);
  const url = isSaid ? await writing.page(own) : await writing.change(own.id, body);
  for (const { id } of spare) await writing.remove(id);
  return { url, written: !isSaid || spare.length > 0 };
}

/** One's own of a key, oldest first: what others wrote, or quoted, is not. */
function ownOf(all: readonly Said[], key: string, me: string | number): Said[] {
  const own = all.filter(({ author, body }) => author === me && body.trimEnd().endsWith(markerOf(key)));
  return own.sort((a, b) => a.id - b.id);
}

/** Whether it says that already. Forges may change white space at the end, and how lines end. */
function saysSame(said: string, text: string): boolean {
  const plain = (one: string) => one.replace(/\r\n/g, "\n").trimEnd();
  return plain(said) === plain(text);
}
