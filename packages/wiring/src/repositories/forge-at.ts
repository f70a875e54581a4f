import type { CiContext } from "@glu/core";
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
 * The forge that a location lies on: the job's own one, by its variables; elsewhere only those whose name says it,
 * since a token goes there. undefined where that is not known.
 */
export function forgeAt(location: string, { host, serverUrl, apiUrl }: CiContext): ForgePlace | undefined {
  const at = hostOf(location)?.toLowerCase();
  const repository = repositoryNameOf(location, host === "terminal" ? undefined : serverUrl);
  if (at === undefined || repository === undefined) return undefined;
  if (host !== "terminal" && serverUrl !== undefined && apiUrl !== undefined && new URL(serverUrl).host === at) {
    return { forge: host, serverUrl, apiUrl, repository };
  }
  if (at === "gitlab.com") {
    return { forge: "gitlab", serverUrl: "https://gitlab.com", apiUrl: "https://gitlab.com/api/v4", repository };
  }
  const isGithub = at === "github.com" || at.endsWith(".ghe.com");
  return isGithub ? githubAt(location) : undefined;
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
