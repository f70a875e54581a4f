import type { Decision } from "@glu/core";
import type { Annotation } from "@glu/hosts";
import type { PromotionReport } from "@glu/report";

/**
 * Where a promotion can be seen, for a host that shows annotations as links beside the job: the release commit, also one
 * that the same request had made before, the run, and what gates looked at that hold it.
 */
export function externalLinks(report: PromotionReport): Annotation[] {
  const { commit, commitsElsewhere = [], decisions, links, result } = report;
  const commits = new Set([commit, ...decisions.map((one) => one.commit)].filter((sha) => sha !== undefined));
  // Addresses of commits lead into the config repository.
  for (const elsewhere of commitsElsewhere) commits.delete(elsewhere.commit);
  const released = [...commits].flatMap((sha) => linkTo(`Release commit ${sha.slice(0, 7)}`, links.commit?.(sha)));
  return [...released, ...linkTo(`Run that decided: ${result}`, links.run), ...decisions.flatMap(unmetPages)];
}

function unmetPages({ intent, gates }: Decision): Annotation[] {
  return gates
    .filter(({ met }) => !met)
    .flatMap(({ name, url }) => linkTo(`${name}: ${intent.app} → ${intent.environment}`, url));
}

const linkTo = (title: string, url: string | undefined): Annotation[] =>
  url === undefined ? [] : [{ level: "notice", title, message: "", url }];
