import { type ConfigRepository, noProposing, type Proposals, type Proposing, promotionTitle } from "@glu/core";
import { reportOf } from "./commands/report-of.ts";
import { askingAt, type ForgeAccess } from "./forge-outside.ts";
import { whenCalled } from "./when-called.ts";

/** Bytes of a text: GitHub takes 65,536 characters, of which the marker needs some. */
const mostOfBody = 60_000;

/** Pull and merge requests on the forge that the run is on, loaded when the first is asked for. */
export function createProposing(access: ForgeAccess): Proposing {
  const known = new Map<ConfigRepository, Proposals>();
  const proposalsOf = (repository: ConfigRepository): Proposals =>
    whenCalled(async () => {
      const asking = askingAt(access, repository.location);
      if (asking === undefined) return noProposing.of(repository);
      const { createProposals } = await import("@glu/forges");
      return createProposals(asking);
    }, ["of", "open", "update", "close", "setAutoMerge"]);
  return {
    of: (repository) => {
      const proposals = known.get(repository) ?? proposalsOf(repository);
      known.set(repository, proposals);
      return proposals;
    },
    text: async (plan, { request, actor, reason }, repository) => {
      const { surroundings } = access;
      const { renderMarkdown } = await import("@glu/report/markdown");
      const asked = { plan: true, request, actor, reason };
      const report = reportOf(plan, asked, { repository }, { advisory: undefined, surroundings });
      const flavor = surroundings.context.host === "terminal" ? "github" : surroundings.context.host;
      return {
        title: promotionTitle(plan.decisions.map(({ intent }) => intent)),
        body: renderMarkdown(report, { flavor, limit: mostOfBody }),
      };
    },
  };
}
