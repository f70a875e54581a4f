import type { Artifact } from "@glu/core";
import type { Links } from "@glu/report";
import { documentation } from "./documentation.ts";
import { repositoryNameOf } from "./repositories/locate.ts";
import type { Surroundings } from "./surroundings.ts";

/** Web addresses for what a report names, where the forge's layout of addresses is known. */
export function linksOf(location: string, { context }: Surroundings): Links {
  const web = webAddress(location);
  const commits = context.host === "gitlab" || /gitlab/i.test(web ?? "") ? "-/commit" : "commit";
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
  const name = repositoryNameOf(location);
  return host === undefined || name === undefined ? undefined : `https://${host}/${name}`;
}
