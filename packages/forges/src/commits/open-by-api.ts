import type { ConfigRepository } from "@glu/core";
import type { GithubConfigRepositoryOptions } from "./github-config-repository.ts";

/** The config repository by GitHub's API. The server is asked at `open()` only. */
export async function openConfigByApi(options: GithubConfigRepositoryOptions): Promise<ConfigRepository> {
  const { GithubConfigRepository } = await import("./github-config-repository.ts");
  return new GithubConfigRepository(options);
}
