/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  scheme: string;
  /** Names in lower case. */
  parameters: Map<string, string>;
}

const item =
  /[\s,]*(?:([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?=\s|,|$))/y;

/** All challenges, in order. What cannot be read ends the list: a registry's header is untrusted text. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  const text = header.slice(0, 8192);
  item.lastIndex = 0;
  for (let match = item.exec(text); match !== null; match = item.exec(text)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    } else if (name !== undefined) {
      const value = quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/g, "$1");
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
  }
  return challenges;
}
