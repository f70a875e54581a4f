import { isAbsolute, resolve } from "node:path";
import {
  type ApiCalls,
  type ListedRef,
  noApiCalls,
  oncePer,
  retryTransient,
  type SourceCommit,
  type SourcePorts,
  UserError,
} from "@glu/core";
import { openHttpMemory } from "@glu/files";
import type { ReleasesConnection } from "@glu/forges";
import { listRemoteRefs, readRemoteCommit } from "@glu/git";
import { createChartIndexes, createImageCatalog } from "@glu/registry";
import { once } from "./once.ts";
import { fetchOf } from "./outside-fetch.ts";
import { registryCredentials } from "./registry-credentials.ts";
import { locateBeside } from "./repositories/locate.ts";
import type { Repositories } from "./repositories/repositories.ts";
import { credentialsFor, mayGoTo, type Token } from "./repositories/token.ts";
import { commitWithoutSecrets } from "./secrets.ts";
import type { Surroundings } from "./surroundings.ts";

export interface SourcePortsOptions {
  repositories: Repositories;
  token: Token;
  /** Where the config is: what it names lies beside it, and gets the token only there or on the host's forge. */
  configLocation: string;
  /** Folder of answers of earlier runs; undefined: each is asked for anew. */
  cache: string | undefined;
}

const limits = { attempts: 4, base: 300, longest: 60_000 };

/** What sources look at, by the adapters. */
export function sourcePorts(options: SourcePortsOptions, surroundings: Surroundings): SourcePorts {
  const { repositories, token, configLocation, cache } = options;
  const { clock, cwd, redact } = surroundings;
  const memory = cache === undefined ? undefined : openHttpMemory(isAbsolute(cache) ? cache : resolve(cwd, cache));
  const remembering = memory === undefined ? {} : { memory };
  const fetch = fetchOf(surroundings.env);
  const reach = async (repository: string) => {
    const location = locateBeside(repository, configLocation, surroundings.context.serverUrl);
    if (location === undefined) throw noForge(repository);
    return repositories.reach(location, configLocation);
  };
  const retry = <T>(task: () => Promise<T>) => retryTransient(clock, task, limits);
  const lists = oncePer<readonly ListedRef[]>();
  const commits = oncePer<SourceCommit | undefined>();
  const releases = once(async () => {
    const { createReleases } = await import("@glu/forges");
    const calls: ApiCalls = { ...(surroundings.calls ?? noApiCalls()), memory };
    return createReleases((repository, on) => releasesConnection(repository, on, options, surroundings, calls));
  });
  return {
    images: createImageCatalog({ credentials: registryCredentials(surroundings, token), clock, fetch, ...remembering }),
    charts: createChartIndexes({ clock, fetch, ...remembering }),
    git: {
      list: (repository, what) =>
        lists(`${JSON.stringify(what)} ${repository}`, () =>
          retry(async () => listRemoteRefs(await reach(repository), what)),
        ),
      async commit(repository, sha) {
        const read = () => retry(async () => readRemoteCommit(await reach(repository), sha));
        const found = await commits(`${sha} ${repository}`, read);
        return found === undefined ? undefined : commitWithoutSecrets(found, redact);
      },
    },
    releases: {
      list: async (repository, on) => (await releases()).list(repository, on),
      commit: async (repository, on, tag) =>
        commitWithoutSecrets(await (await releases()).commit(repository, on, tag), redact),
    },
  };
}

/** The forge of the run when it is of that kind, else the public one. The token goes where Git's would. */
function releasesConnection(
  repository: string,
  on: "github" | "gitlab",
  { token, configLocation }: SourcePortsOptions,
  surroundings: Surroundings,
  calls: ApiCalls,
): ReleasesConnection {
  const { context, clock } = surroundings;
  const own = context.host === on && context.serverUrl !== undefined && context.apiUrl !== undefined;
  const serverUrl = own ? (context.serverUrl ?? "") : `https://${on}.com`;
  const publicApi = on === "github" ? "https://api.github.com" : "https://gitlab.com/api/v4";
  const credentials = credentialsFor(serverUrl, token, context.serverUrl, configLocation);
  const apiUrl = own ? (context.apiUrl ?? publicApi) : publicApi;
  const place = on === "github" && mayGoTo(serverUrl, context.serverUrl, configLocation);
  if (token.app !== undefined && place) {
    const at = { forge: on, serverUrl, apiUrl, repository };
    return { apiUrl, clock, ...token.app.asking(at, surroundings, "read"), calls };
  }
  return { apiUrl, clock, fetch: fetchOf(surroundings.env), token: credentials?.token, calls };
}

function noForge(repository: string): UserError {
  return new UserError("repository/no-forge", `${repository} names a repository, but on which forge is not known.`, {
    seen: repository,
    fix: "Give its URL in the config: this config repository is on no forge.",
  });
}
