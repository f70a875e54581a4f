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
  };
}

function webAddress(location: string): string | undefined {
  if (/^https?:\/\//.test(location)) return location.replace(/\.git$/, "");
  const host = /^[\w.-]+@([\w.-]+):/.exec(location)?.[1];
  const name = repositoryNameOf(location);
  return host === undefined || name === undefined ? undefined : `https://${host}/${name}`;
}
