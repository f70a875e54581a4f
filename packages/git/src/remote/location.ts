import { resolve } from "node:path";
import { UserError } from "@glu/core";

/** Where a repository is, as Git gets it. Holds no credentials, so it may be shown. */
export interface Location {
  kind: "http" | "ssh" | "local";
  url: string;
}

const allowed = "Give an https://, ssh:// or file:// URL, git@host:owner/name, or a path.";

/**
 * Parses what a user gives as a repository. Remote helpers (`ext::`), options (`-…`) and other protocols are refused:
 * they could run commands. A relative path is taken from `cwd`.
 * @throws UserError `repository/location`, or `repository/credentials-in-url`, which does not repeat them
 */
export function parseLocation(location: string, cwd: string): Location {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(location)?.[1]?.toLowerCase();
  // Before anything is shown.
  if (scheme === undefined && hasCredentials(location)) throw refuseCredentials(location.replace(/^.*@/s, ""));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (location === "" || location.startsWith("-") || /[\u0000-\u001f\u007f]/.test(location)) {
    const url = URL.parse?.(location) ?? parseOrUndefined(location);
    if (url !== undefined && (url.password !== "" || url.username !== "")) throw refuseCredentials(bareUrl(url));
    throw refuse(location, "is not a repository's location");
  }
  if (/^[A-Za-z0-9+.-]+::/.test(location)) throw refuse(location, "names a remote helper");
  if (scheme !== undefined) return parseUrl(location, scheme);
  if (/^https?:/i.test(location)) throw refuse(location, "has no '//' after the protocol");
  const windowsPath = /^[A-Za-z]:[\\/]/.test(location);
  const remote = windowsPath ? null : /^(?:([^/@:]+)@)?(\[[^\]/]+\]|[^/@:[\]]+):(.+)$/.exec(location);
  if (remote === null) return { kind: "local", url: resolve(cwd, location) };
  if (remote.slice(1).some((part) => part?.startsWith("-"))) throw refuse(location, "has a part that starts with '-'");
  return { kind: "ssh", url: location };
}

function parseUrl(location: string, scheme: string): Location {
  const kind = { http: "http", https: "http", ssh: "ssh", file: "local" }[scheme] as Location["kind"] | undefined;
  if (kind === undefined) throw refuse(`${scheme}://…`, "has a protocol that is not used here");
  const url = URL.parse?.(location) ?? parseOrUndefined(location);
  if (url === undefined || (kind !== "local" && url.hostname === "")) {
    throw refuse(`${scheme}://…`, "is not a URL");
  }
  if (url.password !== "" || (kind === "http" && url.username !== "")) throw refuseCredentials(bareUrl(url));
  if (kind === "http" && (url.search !== "" || url.hash !== "")) {
    throw refuse(`${url.origin}${url.pathname}`, "has a query or a fragment (left out here)");
  }
  if ([url.hostname, url.username, url.pathname.slice(1)].some((part) => part.startsWith("-"))) {
    throw refuse(location, "has a part that starts with '-'");
  }
  return { kind, url: kind === "http" ? url.href.replace(/\/+$/, "") : location };
}

function parseOrUndefined(location: string): URL | undefined {
  return URL.canParse(location) ? new URL(location) : undefined;
}

function refuse(seen: string, why: string): UserError {
  return new UserError("repository/location", `${JSON.stringify(seen)} ${why}.`, { seen, fix: allowed });
}

/**
 * A text without `<protocol>://` that can only be meant as a URL with a token in it, its protocol forgotten or misspelt:
 * `user:token@host/…`, `token@host.name/…`, `https:/…@…`. A path is told by how it begins: `./`, `../` or one `/`.
 */
function hasCredentials(location: string): boolean {
  if (/^(?:\.{0,2}\/(?!\/)|[A-Za-z]:[\\/])/.test(location)) return false;
  if (/^https?:.*@/is.test(location)) return true;
  const domain = "[\\w-]+(?:\\.[\\w-]+)*\\.(?!git$)[A-Za-z]{2,}(?::\\d+)?";
  if (new RegExp(`:[^@]+@(?:[^/@:]+[/:]|${domain}$)`, "s").test(location)) return true;
  return new RegExp(`^(?!git@)[^/@:]+@${domain}/`, "s").test(location);
}

const bareUrl = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;

/** @param bare what may be shown of it */
function refuseCredentials(bare: string): UserError {
  return new UserError("repository/credentials-in-url", `The location of ${bare} has credentials in it.`, {
    seen: bare,
    fix: "Give the URL without them, and the token as the 'token' input or in GLU_TOKEN. If it was printed, revoke it.",
  });
}
