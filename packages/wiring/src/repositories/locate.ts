import { type CiContext, UserError } from "@glu/core";

/** What a repository named by a person or by the config is: something Git can reach. */
export interface Locator {
  context: CiContext;
  /** URL of the working copy's `origin`, where there is one; never with credentials. */
  origin(): Promise<string | undefined>;
  /** The address of the forge that is meant at a terminal (`GLU_SERVER_URL`); default: the one of `origin`. */
  serverUrl?: string | undefined;
  cwd: string;
}

const ownerName = /^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)+$/;

/**
 * The location of a repository: a URL, `git@host:path` or path is taken as it is, `owner/name` lies on this run's
 * forge (in a terminal: the one at `GLU_SERVER_URL`, else the one that the working copy came from), and nothing means the repository that the run is in (in a terminal: what it was cloned from).
 * @throws UserError `repository/no-forge` when `owner/name` is given where there is no forge
 */
export async function locateRepository(
  value: string | undefined,
  { context, origin, serverUrl: named, cwd }: Locator,
): Promise<string> {
  const { serverUrl, repository } = context;
  if (value === undefined || value === "") {
    if (context.host !== "terminal" && serverUrl !== undefined && repository !== "")
      return onForge(serverUrl, repository);
    return (await origin()) ?? cwd;
  }
  if (!ownerName.test(value)) return value;
  if (context.host !== "terminal" && serverUrl !== undefined) return onForge(serverUrl, value);
  const near = await origin();
  const base = near === undefined ? undefined : forgeOf(near);
  // Of the same server the working copy knows the way better: it may go by SSH.
  const isThere = base !== undefined && named !== undefined && hostIn(base) === new URL(named).host;
  if (named !== undefined && !(isThere && !/^https?:/.test(base))) return onForge(named, value);
  if (base !== undefined) return `${base}${value}.git`;
  throw new UserError("repository/no-forge", `${value} names a repository, but on which forge is not known here.`, {
    seen: value,
    fix: `Give its URL, such as https://github.com/${value}, or set GLU_SERVER_URL; a folder is given as ./${value}.`,
  });
}

/**
 * A repository that the config names, on the forge of the config repository; undefined where that is no forge.
 * @param serverUrl of this run's forge, if any: it alone tells whether a path belongs to the server or to the name
 */
export function locateBeside(name: string, configLocation: string, serverUrl: string | undefined): string | undefined {
  if (!ownerName.test(name)) return name;
  const base = onServer(configLocation, serverUrl) ?? forgeOf(configLocation);
  return base === undefined ? undefined : `${base}${name}.git`;
}

/** `git.example` of `https://git.example/` and of `git@git.example:`. */
const hostIn = (base: string): string | undefined => /^(?:\w+:\/\/)?(?:[^@/]*@)?([^/]+?):?\/?$/.exec(base)?.[1];

function onForge(serverUrl: string, repository: string): string {
  return `${serverUrl.replace(/\/+$/, "")}/${repository}.git`;
}

/** `https://github.com/` of `https://github.com/acme/web.git`, `git@github.com:` of `git@github.com:acme/web.git`. */
function forgeOf(url: string): string | undefined {
  return /^(?:https?|ssh):\/\/[^/]+\//.exec(url)?.[0] ?? /^[\w.-]+@[\w.-]+:/.exec(url)?.[0];
}

/** The forge's address when the location lies on it. It may be a path of its host: `https://example.com/gitea/`. */
function onServer(location: string, serverUrl: string | undefined): string | undefined {
  const base = serverUrl === undefined ? undefined : `${serverUrl.replace(/\/+$/, "")}/`;
  return base !== undefined && location.startsWith(base) ? base : undefined;
}

/**
 * `owner/name` of a location on a forge, for links and requests; undefined for a local path.
 * @param serverUrl of this run's forge, as for {@link locateBeside}
 */
export function repositoryNameOf(location: string, serverUrl: string | undefined): string | undefined {
  const server = onServer(location, serverUrl);
  const path =
    (server === undefined ? undefined : location.slice(server.length)) ??
    /^(?:https?|ssh|git):\/\/[^/]+\/(.+)$/.exec(location)?.[1] ??
    /^[\w.-]+@[\w.-]+:(.+)$/.exec(location)?.[1];
  return path?.replace(/\.git$/, "").replace(/\/+$/, "");
}
