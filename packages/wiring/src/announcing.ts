import {
  type Announced,
  type AnnouncePorts,
  type Arrival,
  type Audience,
  type Audiences,
  announce,
  type NoAudience,
} from "@glu/core";
import { createComments, createDeployments, createStatuses } from "@glu/forges";
import { renderWhereItRuns } from "@glu/report/where-it-runs";
import { askingAt, type ForgeAccess, placeOf } from "./forge-outside.ts";
import { commitPage, repositoryPage } from "./forge-pages.ts";
import { kept } from "./kept.ts";
import { hostOf } from "./repositories/token.ts";

/** What tells is not waited for as long as what decides: the releases are made. */
const patience = { limits: { attempts: 3, base: 500, longest: 10_000 }, timeout: 10_000 };

/** Tells people of releases on the forge that the run is on. What goes wrong is a warning. */
export function announceThere(
  arrivals: readonly Arrival[],
  access: ForgeAccess,
  templates: AnnouncePorts["templates"],
): Promise<Announced> {
  const { context, clock, logger } = access.surroundings;
  const flavor = placeOf(access, access.location)?.forge ?? "github";
  return announce(arrivals, {
    audiences: createAudiences(access),
    templates,
    text: (rows) => renderWhereItRuns(rows, flavor),
    run: context.run.url,
    clock,
    logger,
  });
}

function createAudiences(access: ForgeAccess): Audiences {
  const { context } = access.surroundings;
  const { host, repository: own } = context;
  // Sources lie on the forge of the config repository.
  const serverUrl = placeOf(access, access.location)?.serverUrl ?? "";

  const audienceOf = kept((location: string): Audience | NoAudience => {
    const place = placeOf(access, location);
    const asking = askingAt(access, location);
    if (place === undefined || asking === undefined) {
      const why =
        host === "terminal" ? `the forge of ${location} is not known here` : `${location} is not on this run's forge`;
      return { why, fix: "Set GLU_FORGE, or run it in a pipeline of the forge that the repository is on." };
    }
    const name = place.repository;
    // A job's own token reaches no other repository; GitLab's may be let into others, for what it can do at all.
    if (access.token.source === "host" && host !== "gitlab" && name.toLowerCase() !== own.toLowerCase()) {
      const why = `the job's own token reaches ${own} alone, not ${name}`;
      const given = host === "github" ? "a token of an App, or a fine-grained personal access token," : "a token";
      return { why, fix: `Give ${given} that may write to ${name} as GLU_TOKEN or 'token'.` };
    }
    const at = { ...asking, ...patience };
    return {
      repository: name,
      statuses: createStatuses(at),
      deployments: createDeployments({ ...at, webUrl: repositoryPage(place) }),
      comments: createComments(at),
      commitPage: (sha) => commitPage(place, sha),
    };
  });

  return {
    source({ name: app, repository }, { version: { repositoryName, url } }) {
      // What an artifact says of its source is believed where the config says the same, or it is this repository.
      const isKnown = [repository, own].some((one) => one?.toLowerCase() === repositoryName.toLowerCase());
      if (!isKnown) {
        const why = `the config does not say that the source of ${app} is ${repositoryName}`;
        return { why, fix: `Add "repository: ${repositoryName}" to the app, if that is it.` };
      }
      if (serverUrl !== "" && url !== undefined && hostOf(url) !== hostOf(serverUrl)) {
        const fix = "Set 'comment: false' there: what is told of commits is told in the config repository.";
        return { why: `the source of ${app} is on ${hostOf(url)}`, fix };
      }
      return audienceOf(`${serverUrl.replace(/\/+$/, "")}/${repositoryName}.git`);
    },
    config: ({ location }) => audienceOf(location),
  };
}
