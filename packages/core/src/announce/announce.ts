import { GluError } from "../errors.ts";
import { versionLabel } from "../promote/release.ts";
import type { Arrival } from "./arrivals.ts";
import type { Announced, AnnouncePorts, Audience } from "./audience.ts";
import { commentOn } from "./comment-on.ts";
import { isCutOff, isLasting } from "./not-asked-again.ts";
import { tellDeployment } from "./tell-deployment.ts";
import { tellStatus } from "./tell-status.ts";
import { type Again, untilItStands } from "./until-it-stands.ts";

/** Releases that are told of in one run. */
const mostTold = 50;

/** A way of telling, in one repository: what is told, and where it can be seen. */
export type Tell = (audience: Audience, isSource: boolean) => Promise<{ what: string; url: string | undefined }[]>;

/** Codes of a token that may not do it in a repository: another one may do. */
const elsewhere = /^\w+\/(?:forbidden|not-found|no-token|job-token)$/;

/**
 * Tells people on the forge of releases: deployments, marks of commits, comments on pull requests, as `notify` of the
 * environment has it. All of it can be told again, and is then there once. What cannot be told is a warning with its
 * fix: the releases are made.
 */
export async function announce(arrivals: readonly Arrival[], ports: AnnouncePorts): Promise<Announced> {
  const announced: Announced = { told: [], warnings: [] };
  const failed = new Set<string>();
  const written: Again[] = [];
  let isOut = false;
  const warn = (text: string) => {
    if (!announced.warnings.includes(text)) announced.warnings.push(text);
  };

  /** In the first repository where it can be told. */
  async function tell(kind: string, arrival: Arrival, tellIn: Tell, onlySource = false): Promise<void> {
    const { audiences } = ports;
    const source = audiences.source(arrival.app, arrival.release.artifact);
    const all = onlySource ? [source] : [source, audiences.config(arrival.repository)];
    const open = all.filter((one) => "repository" in one);
    const [none] = all.filter((one) => "why" in one).slice(-1);
    if (open.length === 0 && none !== undefined) {
      warn(`Nobody is told by a ${kind} of ${nameOf(arrival)}: ${none.why}. ${none.fix}`);
    }
    for (const [index, audience] of open.entries()) {
      const key = `${kind}\0${audience.repository}`;
      if (isOut || failed.has(key)) continue;
      try {
        announced.told.push(...(await tellIn(audience, audience === source)));
        return;
      } catch (error) {
        if (!(error instanceof GluError)) throw error;
        if (isLasting(error.code)) failed.add(key);
        isOut = isCutOff(error.code);
        if (elsewhere.test(error.code) && index + 1 < open.length) continue;
        const fix = error.fix === undefined ? "" : ` ${error.fix}`;
        const end = isOut ? " Nothing more is told." : "";
        warn(`The ${kind} of ${nameOf(arrival)} could not be written: ${error.message} (${error.code})${fix}${end}`);
        return;
      }
    }
  }

  for (const arrival of arrivals.slice(0, mostTold)) {
    const { notify } = arrival;
    let page: string | undefined;
    if (notify.deployment !== undefined) {
      await tell("deployment", arrival, async (audience, isSource) => {
        const told = await tellDeployment(arrival, { audience, isSource }, ports);
        page = told.page;
        return told.url === undefined ? [] : [{ what: `deployment of ${nameOf(arrival)}`, url: told.url }];
      });
    }
    if (notify.status) {
      await tell("status", arrival, (audience, isSource) => tellStatus(arrival, { audience, isSource }));
    }
    if (notify.comment) {
      await tell("comment", arrival, (audience) => commentOn(arrival, { audience, page, written }, ports), true);
    }
  }
  await untilItStands(written, ports);
  const left = arrivals.length - mostTold;
  if (left > 0) warn(`Of ${left} more releases nobody was told: a run tells of ${mostTold}.`);
  return announced;
}

const nameOf = ({ app, environment, release }: Arrival): string =>
  `${app.name} ${versionLabel(release.artifact)} in ${environment.name}`;
