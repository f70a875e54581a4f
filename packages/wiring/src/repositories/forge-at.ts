import { type CiContext, UserError } from "@glu/core";
import type { Env } from "../surroundings.ts";
import { hostOf } from "./host-of.ts";
import { repositoryNameOf } from "./locate.ts";

/** A repository on a forge, and how its API is asked. */
export interface ForgePlace {
  forge: "github" | "gitlab" | "gitea";
  serverUrl: string;
  apiUrl: string;
  /** `owner/name`; on GitLab with all groups. */
  repository: string;
}

/**
 * The forge that a location lies on: the job's own one, by its variables; else what `GLU_FORGE` says of the location's
 * server; else only those whose name says it, since a token goes there. undefined where that is not known.
 * @throws UserError `forge/unknown-kind`
 */
export function forgeAt(
  location: string,
  { host, serverUrl, apiUrl }: CiContext,
  env: Env = {},
): ForgePlace | undefined {
  const at = hostOf(location)?.toLowerCase();
  const repository = repositoryNameOf(location, host === "terminal" ? undefined : serverUrl);
  if (at === undefined || repository === undefined) return undefined;
  if (host !== "terminal" && serverUrl !== undefined && apiUrl !== undefined && new URL(serverUrl).host === at) {
    return { forge: host, serverUrl, apiUrl, repository };
  }
  const named = namedForge(location, at, env);
  if (named !== undefined) return named;
  if (at === "gitlab.com") {
    return { forge: "gitlab", serverUrl: "https://gitlab.com", apiUrl: "https://gitlab.com/api/v4", repository };
  }
  const isGithub = at === "github.com" || at.endsWith(".ghe.com");
  return isGithub ? githubAt(location) : undefined;
}

const apiPaths = { github: "/api/v3", gitlab: "/api/v4", gitea: "/api/v1" } as const;

/**
 * `GLU_FORGE` says of which kind the location's server is, and `GLU_SERVER_URL` where it is, when it lies below a path
 * of its host. An address of another host is not this one's.
 */
function namedForge(location: string, at: string, env: Env): ForgePlace | undefined {
  const { GLU_SERVER_URL } = env;
  const kind = namedKind(env);
  if (kind === undefined) return undefined;
  if (at === "github.com" || at.endsWith(".ghe.com") || at === "gitlab.com") return undefined;
  const scheme = /^http:/i.test(location) ? "http" : "https";
  const isIts = GLU_SERVER_URL && URL.canParse(GLU_SERVER_URL) && new URL(GLU_SERVER_URL).host === at;
  const serverUrl = isIts ? GLU_SERVER_URL.replace(/\/+$/, "") : `${scheme}://${at}`;
  const repository = repositoryNameOf(location, serverUrl);
  return repository === undefined
    ? undefined
    : { forge: kind, serverUrl, apiUrl: `${serverUrl}${apiPaths[kind]}`, repository };
}

/** What `GLU_FORGE` says. @throws UserError `forge/unknown-kind` */
export function namedKind({ GLU_FORGE: kind }: Env): ForgePlace["forge"] | undefined {
  if (!kind) return undefined;
  if (kind === "github" || kind === "gitlab" || kind === "gitea") return kind;
  throw new UserError("forge/unknown-kind", `GLU_FORGE is ${JSON.stringify(kind)}, which is no forge.`, {
    seen: kind,
    fix: "Give github, gitlab or gitea (Forgejo, too).",
  });
}

/**
 * A location on GitHub, whichever: github.com, a tenant of ghe.com, else a GitHub Enterprise Server
 * (https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api).
 */
export function githubAt(location: string): ForgePlace | undefined {
  const at = hostOf(location)?.toLowerCase();
  const repository = repositoryNameOf(location, undefined);
  if (at === undefined || repository === undefined) return undefined;
  const scheme = /^http:/i.test(location) ? "http" : "https";
  const serverUrl = `${scheme}://${at}`;
  const isHosted = at === "github.com" || at.endsWith(".ghe.com");
  return { forge: "github", serverUrl, apiUrl: isHosted ? `https://api.${at}` : `${serverUrl}/api/v3`, repository };
}
