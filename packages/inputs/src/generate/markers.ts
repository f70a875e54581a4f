/** Everything between `<!-- name:begin … -->` and `<!-- name:end -->` belongs to the generator. */
export function fill(document: string, file: string, parts: Readonly<Record<string, string>>): string {
  let filled = document;
  for (const [name, content] of Object.entries(parts)) {
    const begin = `<!-- ${name}:begin -->`;
    const end = `<!-- ${name}:end -->`;
    const start = filled.indexOf(begin);
    const stop = filled.indexOf(end, start);
    if (start < 0 || stop < 0) throw new Error(`${file} lacks the lines "${begin}" and "${end}".`);
    filled = `${filled.slice(0, start + begin.length)}\n${content}\n${filled.slice(stop)}`;
  }
  return filled;
}
