import { UserError } from "../../errors.ts";
import type { Manifest } from "../../model/artifact.ts";
import { longestLabel } from "../../model/dns-label.ts";
import { type RepoPath, repoPath } from "../../model/names.ts";
import type { PreviewChart } from "../../model/pipeline.ts";
import type { Bytes } from "../../ports/config-repository.ts";
import type { BuildRun, ManifestBuild } from "../../ports/manifest-builder.ts";
import { dnsLabel } from "../names.ts";
import type { PreviewPorts, PreviewTemplate, UpRequest } from "../options.ts";
import { checkChart, isFetched } from "./chart.ts";
import { encode, type Fill } from "./fill.ts";
import { filesOfBuild, rootOf } from "./kustomization.ts";
import { isWithin, resolvePath } from "./paths.ts";

/** What is run for a preview, and what it takes from outside of the template. */
export interface Planned {
  build: ManifestBuild;
  elsewhere: ReadonlyMap<string, Bytes>;
  /** Files of the template that it does not take: manifests that are written as they are. */
  beside: ReadonlyMap<string, Bytes>;
}

/** @param files of the template, filled in. @throws UserError `preview/kustomization`, `preview/elsewhere` */
export async function kustomizeBuild(
  files: ReadonlyMap<string, Bytes>,
  template: PreviewTemplate,
  ports: Pick<PreviewPorts, "kustomizations">,
): Promise<Planned> {
  if (rootOf(files) === undefined) {
    throw new UserError("preview/kustomization", `${template.from} has no kustomization.yaml.`, {
      seen: template.from,
      fix: "Put one there, or leave render: kustomize out.",
    });
  }
  const { all, elsewhere } = await filesOfBuild(files, template, ports);
  const run: BuildRun = { by: "kustomize", folder: template.from };
  return { build: { files: all, run }, elsewhere, beside: new Map() };
}

/** Which files of a template are values, and which the chart's own: those are no templates of Glu. */
export interface Parts {
  chart: PreviewChart;
  /** Where the chart is in the repository; undefined: Helm fetches it. */
  folder: string | undefined;
  valueFiles: readonly string[];
  isOfChart(path: string): boolean;
}

/** @throws UserError `preview/chart` */
export function partsOf(
  template: PreviewTemplate,
  { chart: own }: UpRequest["settings"],
  manifest: Manifest | undefined,
): Parts {
  const from = own === undefined ? (template.manifest?.from ?? template.from) : "the config";
  const chart = own ?? manifest?.chart;
  if (chart === undefined) throw badChart(`${template.from} has no chart`, template.from, "Name one, under chart.");
  checkChart(chart as PreviewChart, from);
  const { repository, version, name, release, valueFiles: named } = chart as PreviewChart;
  const checked: PreviewChart = {
    name,
    ...(repository === undefined ? {} : { repository }),
    ...(version === undefined ? {} : { version }),
    ...(release === undefined ? {} : { release }),
  };
  const folder = isFetched(checked) ? undefined : resolvePath(template.from, name);
  if (folder === undefined && !isFetched(checked)) {
    throw badChart(`The chart ${name} is out of the repository`, name, "Name a folder of the same repository.");
  }
  if (own === undefined && !isFetched(checked)) {
    const fix = "Name its repository there, or the chart in the config.";
    throw badChart(`The chart of ${from} is a folder, ${JSON.stringify(name)}`, name, fix);
  }
  const valueFiles = named ?? (template.files.has("values.yaml") ? ["values.yaml"] : []);
  const isOfChart = (path: string) =>
    folder !== undefined && !valueFiles.includes(path) && isWithin(folder, `${template.from}/${path}`);
  return { chart: checked, folder, valueFiles, isOfChart };
}

/** Characters of a release's name: https://helm.sh/docs/chart_template_guide/builtin_objects/ and `helm template`. */
const longestRelease = 53;

/**
 * What Helm is asked: the values of the app's manifest below those of the template.
 * @param files of the template, filled in but for the chart's
 * @throws UserError `preview/chart`
 */
export async function helmBuild(
  { app }: Pick<UpRequest, "app">,
  files: ReadonlyMap<string, Bytes>,
  { template, parts, manifest, namespace, fill }: HelmQuestion,
): Promise<Planned> {
  const { chart, folder, valueFiles, isOfChart } = parts;
  const all = new Map<RepoPath, Bytes>();
  const elsewhere = new Map<RepoPath, Bytes>();
  const values: RepoPath[] = [];
  const give = (content: Bytes) => {
    const path = repoPath(`values/${values.length}.yaml`);
    all.set(path, content);
    values.push(path);
  };
  // JSON is YAML, and needs no style.
  if (manifest?.values !== undefined) give(encode(JSON.stringify(manifest.values)));
  for (const one of valueFiles) {
    const own = files.get(one);
    const at = own === undefined ? resolvePath(template.from, one) : undefined;
    const found = at === undefined || at === "" ? undefined : (await template.below?.(repoPath(at)))?.get(repoPath(at));
    const content = own ?? found;
    if (content === undefined) {
      throw badChart(
        `${template.from} has no file ${one}`,
        one,
        "Name a file in value-files, as seen from the template's folder.",
      );
    }
    if (own === undefined && at !== undefined) elsewhere.set(repoPath(at), content);
    give(content);
  }
  if (folder !== undefined) {
    const own = [...files]
      .filter(([path]) => isOfChart(path))
      .map(([path, at]) => [`${template.from}/${path}`, at] as const);
    const found = own.length > 0 || folder === "" ? own : [...((await template.below?.(repoPath(folder))) ?? [])];
    for (const [path, content] of found) {
      all.set(repoPath(`chart/${path.slice(folder.length + 1)}`), content);
      if (own.length === 0) elsewhere.set(path as RepoPath, content);
    }
    if (!all.has("chart/Chart.yaml" as RepoPath)) {
      throw badChart(
        `There is no Chart.yaml in ${folder}`,
        folder,
        "Name the folder of a chart, as seen from the template's.",
      );
    }
  }
  const release = chart.release === undefined ? dnsLabel(app, longestRelease) : fill(chart.release);
  if (release.length > longestRelease || dnsLabel(release, longestLabel) !== release) {
    const fix = `Let chart.release give at most ${longestRelease} of a-z, 0-9 and '-'.`;
    throw badChart(`${JSON.stringify(release.slice(0, 200))} is no name of a release`, release.slice(0, 200), fix);
  }
  const { name, repository, version = "" } = chart;
  const run: BuildRun = {
    ...{ by: "helm", release, namespace, values },
    chart: folder === undefined ? { name, repository, version } : { folder: "chart" },
  };
  const beside = new Map([...files].filter(([path]) => !isOfChart(path) && !valueFiles.includes(path)));
  return { build: { files: all, run }, elsewhere, beside };
}

interface HelmQuestion {
  template: PreviewTemplate;
  parts: Parts;
  manifest: Manifest | undefined;
  namespace: string;
  fill: Fill;
}

const badChart = (message: string, seen: string, fix: string): UserError =>
  new UserError("preview/chart", `${message}.`, { seen, fix });
