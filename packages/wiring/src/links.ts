import type { Artifact } from "@glu/core";
import type { Links } from "@glu/report";
import { documentation } from "./documentation.ts";
import { repositoryNameOf } from "./repositories/locate.ts";
import type { Surroundings } from "./surroundings.ts";

/** Web addresses for what a report names, where the forge's layout of addresses is known. */
export function linksOf(location: string, { context }: Surroundings): Links {
  const web = webAddress(location);
  const commits = isGitlab(web, context) ? "-/commit" : "commit";
  return {
    repository: web,
    run: context.run.url,
    docs: documentation,
    commit: (sha) => (web === undefined ? undefined : `${web}/${commits}/${sha}`),
    artifactSource: (artifact: Artifact) => artifact.version.url,
    sourceCommit: (artifact, sha) => {
      const source = sourceOf(artifact);
      return source === undefined ? undefined : `${source.web}${source.dash}/commit/${sha}`;
    },
    compare: (from, to) => {
      const source = sourceOf(to) ?? sourceOf(from);
      return source && `${source.web}${source.dash}/compare/${from.version.sha}...${to.version.sha}`;
    },
  };
}

/** By what the run knows of its own forge; of another one by its host's name, never by a repository's. */
function isGitlab(web: string | undefined, { host, serverUrl }: Surroundings["context"]): boolean {
  if (web === undefined || !URL.canParse(web)) return false;
  const at = new URL(web).host;
  const isOwn = host !== "terminal" && serverUrl !== undefined && new URL(serverUrl).host === at;
  return isOwn ? host === "gitlab" : /gitlab/i.test(at);
}

/** The web address of a source repository, by that of the commit: GitLab's have `/-` behind it. */
function sourceOf({ version: { url, sha } }: Artifact): { web: string; dash: string } | undefined {
  const end = `/commit/${sha}`;
  if (url === undefined || !url.endsWith(end)) return undefined;
  const web = url.slice(0, -end.length);
  return web.endsWith("/-") ? { web: web.slice(0, -2), dash: "/-" } : { web, dash: "" };
}

function webAddress(location: string): string | undefined {
  if (/^https?:\/\//.test(location)) return location.replace(/\.git$/, "");
  const host = /^[\w.-]+@([\w.-]+):/.exec(location)?.[1];
  const name = repositoryNameOf(location, undefined);
  return host === undefined || name === undefined ? undefined : `https://${host}/${name}`;
}
