/**
 * Cuts Markdown at the end of a line so that it has at most `limit` bytes with the closing words. GitHub drops a
 * summary above 1 MiB as a whole. An open code fence and open `<details>` are closed, so that the words are seen.
 */
export function trimMarkdown(markdown: string, limit: number): string {
  const size = Buffer.byteLength(markdown);
  if (size <= limit) return markdown;
  const words = `\n\n> **Shortened**: the whole report has ${Math.ceil(size / 1024)} KiB, more than can be shown here.\n`;
  const room = limit - Buffer.byteLength(words) - 1024;
  const lines: string[] = [];
  let used = 0;
  let fence: string | undefined;
  let details = 0;
  for (const line of markdown.split("\n")) {
    used += Buffer.byteLength(line) + 1;
    if (used > room) break;
    lines.push(line);
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = marker;
    else if (marker?.startsWith(fence) && line.trim() === marker) fence = undefined;
    if (fence !== undefined) continue;
    details += (line.match(/<details\b/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
  }
  // The reserve of 1 KiB holds the closing marks; deeper nesting than that does not occur.
  const close = `${fence === undefined ? "" : `\n${fence.slice(0, 64)}`}${"\n\n</details>".repeat(Math.min(Math.max(details, 0), 40))}`;
  return `${lines.join("\n")}${close}${words}`;
}
