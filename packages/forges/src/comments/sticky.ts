/** A comment as a forge gives it. */
export interface Said {
  id: number;
  author: string | number | undefined;
  body: string;
  url: string | undefined;
}

/** In a comment, which no page shows. */
const markerOf = (key: string): string => `<!-- glu:comment ${key} -->`;

/** With the mark that it is found by. */
export const marked = (text: string, key: string): string => `${text.trimEnd()}\n\n${markerOf(key)}`;

/** One's own of a key: what others wrote, or quoted, is not. The oldest, should there be several. */
export function ownOf(all: readonly Said[], key: string, me: string | number): Said | undefined {
  return all.find(({ author, body }) => author === me && body.trimEnd().endsWith(markerOf(key)));
}

/** Whether it says that already. Forges may change white space at the end, and how lines end. */
export function saysSame(said: string, text: string): boolean {
  const plain = (one: string) => one.replace(/\r\n/g, "\n").trimEnd();
  return plain(said) === plain(text);
}
