/** What people have named: it may stand in Git's and the server's words, and says nothing about a failure. */
export interface Names {
  /** URL, `user@host:path` or path, as Git gets it. */
  location: string;
  /** A branch's short name, or a ref. */
  branch: string;
}

const mark = "…";

/**
 * Git's and the server's words without the names in them: so that a repository called `archived-config`, a branch called
 * `quota` or a server called `read-only.example` never decides what a failure means. Names are taken out where they
 * stand as names (in a URL, in quotes, as a path, as a ref, after "branch"), so that a name that is a common word does
 * not take that word out of a sentence.
 */
export function withoutNames(text: string, names: Names): string {
  const { host, path } = partsOf(names.location);
  const own = [names.location, ...formsOf(path)].sort((a, b) => b.length - a.length);
  let left = text;
  for (const name of own) left = left.replace(asName(name), mark);
  left = left
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`]*/gi, mark)
    .replace(/[^\s@'"]+@(?:\[[^\]\s]+\]|[^\s:'"]+)(?=:)/g, mark)
    .replace(/\brefs\/[^\s'"`:]+/g, mark)
    // In quotes, within a line: the apostrophe of "don't" opens none.
    .replace(/(?<![^\s([:=])'[^'\n]*'(?!\w)/g, mark)
    .replace(/(?<![^\s([:=])"[^"\n]*"(?!\w)/g, mark);
  if (host !== "") {
    const place = /[.:]/.test(host) ? "" : "(?<=\\b(?:host|hostname|to):? )";
    left = left.replace(new RegExp(`${place}${asName(host).source}`, "gi"), mark);
  }
  return left.replace(new RegExp(`(?<=\\bbranch )${asName(names.branch).source}(?! currently)`, "gi"), mark);
}

function partsOf(location: string): { host: string; path: string } {
  const [, host = "", path = location] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]*)(?::\d+)?(.*)$/i.exec(location) ??
    /^(?:[^/@:]+@)?(\[[^\]]+\]|[^/@:]+):(.+)$/.exec(location) ??
    [];
  return { host, path };
}

/** A path as servers write it: its last parts, with and without `.git`, percent-encoded and not. */
function formsOf(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  const forms = parts.flatMap((_, index) => {
    const bare = parts
      .slice(index)
      .join("/")
      .replace(/\.git$/, "");
    // The name alone could be a word of the sentence; with `.git` it is a name.
    return parts.length - index > 1 ? [`${bare}.git`, bare] : [`${bare}.git`];
  });
  return forms.flatMap((form) => [
    ...new Set([form, decoded(form), encodeURI(decoded(form)), encodeURIComponent(form)]),
  ]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A '%' that encodes nothing: then the text is what there is.
    return text;
  }
}

/** Matches a name where no other name goes on around it. */
function asName(name: string): RegExp {
  return new RegExp(`(?<![\\w%-])${name.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")}(?![\\w%-]|\\.\\w)`, "gi");
}
