import { UserError } from "../../errors.ts";
import type { PreviewChart } from "../../model/pipeline.ts";

/** A part of a path, or a chart's name: nothing that a program takes for an option. */
const name = /^[A-Za-z0-9_.][\w.-]*(?:\/[A-Za-z0-9_.][\w.-]*)*$/;
const address = /^(?:https?|oci):\/\/[A-Za-z0-9][^\s"'\\@?#]*$/;
/** Exactly one: https://semver.org, as Helm takes it, `v` before it or not. */
const version = /^v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Whether Helm fetches it; else it is a folder beside the templates. */
export const isFetched = ({ name: called, repository }: PreviewChart): boolean =>
  repository !== undefined || called.startsWith("oci://");

/**
 * What is wrong with a chart; undefined: nothing. It reaches a program's arguments, and an app's manifest is written by
 * whoever may write to the app.
 */
export function whyNoChart(chart: PreviewChart): { message: string; fix: string } | undefined {
  const { name: called, repository, version: of } = chart;
  if (repository !== undefined && !address.test(repository)) {
    const fix = "Write https://… or oci://…, without credentials.";
    return { message: `has the repository ${shown(repository)}, which is no address of one`, fix };
  }
  const isNamed = isFetched(chart) && repository === undefined ? address.test(called) : name.test(called);
  if (!isNamed) {
    const fix =
      "Write its name in the repository, an oci:// address, or a folder. A chart in a Git repository is not fetched.";
    return { message: `has the name ${shown(called)}, which is none`, fix };
  }
  if (isFetched(chart) && (of === undefined || !version.test(of))) {
    const fix = "Name exactly one version, such as 0.38.0: the same commit is to give the same preview.";
    return { message: of === undefined ? "has no version" : `has the version ${shown(of)}, which is not one`, fix };
  }
  return undefined;
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

/** @throws UserError `preview/chart` */
export function checkChart(chart: PreviewChart, from: string): PreviewChart {
  const wrong = whyNoChart(chart);
  if (wrong === undefined) return chart;
  throw new UserError("preview/chart", `The chart of ${from} ${wrong.message}.`, { seen: chart.name, fix: wrong.fix });
}
