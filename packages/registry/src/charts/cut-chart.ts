/**
 * The part of a Helm index that is about one chart, as YAML of its own; undefined where the file does not look as Helm
 * writes it, and must be read whole. An index can have tens of megabytes, and parsing it all takes seconds.
 */
export function cutChart(index: string, chart: string): string | undefined {
  const entries = /^entries:[ \t]*\r?$/m.exec(index);
  if (entries === null) return undefined;
  const name = chart.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  const key = new RegExp(`^  (?:${name}|"${name}"|'${name}'):[ \\t]*\\r?$`, "gm");
  key.lastIndex = entries.index;
  const start = key.exec(index);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  // The next thing that is as far to the left: a list may begin there, a mapping's key ends it.
  const next = /^(?:[^\s#-]| [^\s#-]| {2}[^\s#-])/gm;
  next.lastIndex = from;
  const end = next.exec(index);
  return index.slice(from + 1, end?.index ?? index.length);
}
