import {
  type Brought,
  type ConfigRepository,
  noProposing,
  type PromoteResult,
  type Proposals,
  type Proposing,
  promotionTitle,
  proposalText,
  proposalVariables,
} from "@glu/core";
import { reportOf } from "./commands/report-of.ts";
import { askingAt, type ForgeAccess, placeOf } from "./forge-outside.ts";
import { kept } from "./kept.ts";
import { whenCalled } from "./when-called.ts";

/** Bytes of a text: GitHub takes 65,536 characters, of which the marker needs some. */
const mostOfBody = 60_000;

/** What was begun is finished: GitHub's secondary limits are waited for, a minute and then two. */
const patience = { attempts: 4, base: 500, longest: 120_000 };

/** Pull and merge requests on the forge that the run is on, loaded when the first is asked for. */
export function createProposing(access: ForgeAccess): Proposing {
  const proposalsOf = kept((repository: ConfigRepository) =>
    whenCalled<Proposals>(async () => {
      const asking = askingAt(access, repository.location);
      if (asking === undefined) return noProposing.of(repository);
      const { createProposals } = await import("@glu/forges");
      return createProposals({ ...asking, limits: patience });
    }, ["of", "others", "open", "update", "close", "setAutoMerge"]),
  );
  return {
    of: proposalsOf,
    text: async (plan, { request, actor, reason }, repository) => {
      const { surroundings } = access;
      const { renderMarkdown, markdownText, titleText } = await import("@glu/report/markdown");
      const asked = { plan: true, request, actor, reason };
      const report = reportOf(plan, asked, { repository }, { advisory: undefined, surroundings });
      const flavor = placeOf(access, repository.location)?.forge ?? "github";
      const title = promotionTitle(plan.decisions.map(({ intent }) => intent));
      const render = (limit: number) => renderMarkdown(report, { flavor, limit });
      const brought = broughtBy(plan);
      const own = brought?.environment.propose ?? {};
      if (brought === undefined || (own.title === undefined && own.body === undefined)) {
        return { title, body: render(mostOfBody) };
      }
      const { createTemplates } = await import("@glu/config");
      return proposalText(own, {
        templates: await createTemplates(),
        variables: proposalVariables(brought, { title, actor: actor.name, reason }),
        title,
        plan: render,
        limit: mostOfBody,
        plain: titleText,
        markdown: markdownText,
        warn: (message) => surroundings.logger.warning(message),
      });
    },
  };
}

/** What a plan of one environment brings there; undefined where there is nothing. */
function broughtBy({ decisions, pipeline }: PromoteResult): Brought | undefined {
  const [first] = decisions;
  const environment = first === undefined ? undefined : pipeline.environments.get(first.intent.environment);
  if (environment === undefined) return undefined;
  const apps = decisions.flatMap(({ intent: { app: name, artifact } }) => {
    const app = pipeline.apps.get(name);
    return app === undefined ? [] : [{ app, artifact }];
  });
  return { environment, apps };
}
