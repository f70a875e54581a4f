import { type ConfigRepository, noProposing, type Proposals, type Proposing, versionLabel } from "@glu/core";
import { askingOf, type ForgeAccess } from "./forge-outside.ts";
import { once } from "./once.ts";
import { repositoryNameOf } from "./repositories/locate.ts";
import { hostOf } from "./repositories/token.ts";

/** Pull and merge requests on the forge that the run is on, loaded when the first is asked for. */
export function createProposing(access: ForgeAccess): Proposing {
  const known = new Map<ConfigRepository, Proposals>();
  const proposalsOf = (repository: ConfigRepository): Proposals => {
    const open = once(async () => {
      const asking = askingOf(access);
      const { serverUrl } = access.surroundings.context;
      const name = repositoryNameOf(repository.location, serverUrl);
      const isHere = serverUrl !== undefined && hostOf(repository.location) === new URL(serverUrl).host;
      if (asking === undefined || name === undefined || !isHere) return noProposing.of(repository);
      const { createProposals } = await import("@glu/forges");
      return createProposals({ ...asking, repository: name });
    });
    return {
      of: async (place) => (await open()).of(place),
      open: async (...proposal) => (await open()).open(...proposal),
      update: async (...text) => (await open()).update(...text),
      close: async (...why) => (await open()).close(...why),
    };
  };
  return {
    of: (repository) => {
      const proposals = known.get(repository) ?? proposalsOf(repository);
      known.set(repository, proposals);
      return proposals;
    },
    text: async (decisions) => {
      const lines = decisions.map(
        ({ intent: { app, environment, artifact } }) => `${app} to ${environment}: ${versionLabel(artifact)}`,
      );
      return { title: `Promote ${lines.join(", ")}`, body: lines.join("\n") };
    },
  };
}
