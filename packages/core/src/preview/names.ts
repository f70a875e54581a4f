import { UserError } from "../errors.ts";
import { isLabel, labelWithHash, longestLabel } from "../model/dns-label.ts";
import type { AppName } from "../model/names.ts";

/** Of a host's whole name (RFC 1035, section 2.3.4, as text without the last dot). */
const longestHost = 253;
/** Below this a name says nothing any more: `app-` and a hash. */
const shortestLabel = 17;
/** Hex digits of a hash in a name: 50,000 names that begin alike collide with a chance of 4 in a million. */
const hashDigits = 12;

/** What ends as if it had a hash gets one, so that nobody can choose the name that another's hash makes. */
const hashed = new RegExp(`-[0-9a-f]{${hashDigits}}$`);

/**
 * A text as one DNS label (RFC 1123) of at most `longest` characters. A valid one stays as it is; whenever something is
 * lost, `-` and 12 hex digits of the SHA-256 of the text are added: `feature/x` and `feature-x` differ.
 */
export function dnsLabel(text: string, longest = longestLabel): string {
  const isPlain = isLabel(text, longest) && !hashed.test(text);
  return isPlain ? text : labelWithHash(text, { longest, digits: hashDigits });
}

/** `pr-7`: what a preview's files and records are called below its app. */
export const previewKey = (number: number): string => `pr-${number}`;

/** `web-pr-7`: unique among the previews of all apps, whatever they are called. */
export function previewName(app: AppName, number: number, longest = longestLabel): string {
  return dnsLabel(`${app}-${previewKey(number)}`, longest);
}

/**
 * The host that a template makes of names that fit. Names are shortened, never cut without a hash, until each label has
 * at most 63 characters and the whole name 253.
 * @param render the template with names of at most so many characters
 * @throws UserError `preview/host` when what stands around the names leaves no room, or is no host
 */
export function hostWithin(render: (longest: number) => string): string {
  let longest = longestLabel;
  for (;;) {
    const host = render(longest);
    const labels = host.split(".");
    const over = Math.max(host.length - longestHost, ...labels.map((one) => one.length - longestLabel));
    if (over > 0 && longest - over >= shortestLabel) {
      longest -= over;
      continue;
    }
    if (over <= 0 && labels.every((one) => isLabel(one))) return host;
    throw new UserError("preview/host", `${JSON.stringify(host.slice(0, 300))} is not a host's name.`, {
      seen: host.slice(0, 300),
      fix:
        over > 0
          ? "Shorten what stands around the names in the host's template: a part between dots has at most 63 characters, all of it 253."
          : "Let the host's template make parts of a-z, 0-9 and '-' between dots, such as {{ preview.name }}.preview.example.com.",
    });
  }
}
