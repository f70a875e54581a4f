import { isFetched, type PreviewChart, whyNoChart } from "@glu/core";
import { z } from "zod";
import { folder, health, host } from "./previews.ts";
import { examples, issue, oneOrMany, text } from "./text.ts";

const chart = z
  .strictObject({
    name: text({
      description: "Its name in the repository, an oci:// address, or a folder as seen from the template's.",
      example: "onechart",
      pattern: /\S/,
    }),
    repository: text({
      description: "https://… or oci://….",
      example: "https://chart.onechart.dev",
      pattern: /\S/,
    }).optional(),
    version: text({ description: "Exactly one version.", example: "0.38.0", pattern: /\S/ }).optional(),
    release: text({
      description: "Template of the release's name. Default the app's.",
      example: '"{{ preview.name }}"',
      pattern: /\S/,
    }).optional(),
    "value-files": oneOrMany(
      text({ description: "A file with values.", example: "values.yaml", pattern: /^(?!\/)[^\\]+$/ }),
      "Files with values, as seen from the template's folder; the last one wins. Default values.yaml, where it is.",
      "[values.yaml]",
    ).optional(),
  })
  .check(({ value, issues }) => {
    const wrong = whyNoChart(chartOf(value));
    if (wrong === undefined) return;
    issues.push({ ...issue(wrong.message, { code: "config/value", fix: wrong.fix }), input: value });
  })
  .describe("With render: helm, the chart. Without it the one of the app's manifest.")
  .register(examples, { example: '{ repository: "https://chart.onechart.dev", name: onechart, version: 0.38.0 }' });

function chartOf({ name, repository, version, release, "value-files": valueFiles }: ChartSettings): PreviewChart {
  return {
    name,
    ...(repository === undefined ? {} : { repository }),
    ...(version === undefined ? {} : { version }),
    ...(release === undefined ? {} : { release }),
    ...(valueFiles === undefined ? {} : { valueFiles }),
  };
}

interface ChartSettings {
  name: string;
  repository?: string | undefined;
  version?: string | undefined;
  release?: string | undefined;
  "value-files"?: readonly string[] | undefined;
}

/** `preview` of an app. */
export const preview = z
  .strictObject({
    template: folder(
      "The folder with the manifests of a preview, templates all of them. {{ app }} may stand in it. With render: helm and a manifest it may be left out.",
      "deploy/preview",
    ).optional(),
    from: z
      .enum(["config", "app"])
      .describe(
        "Where the folder is: config, the config repository; app, the app's repository, on the branch that the pull request goes into. Default config.",
      )
      .optional(),
    host: host.optional(),
    health: health.optional(),
    seed: z
      .enum(["once", "per-sha"])
      .describe(
        "When {{ preview.seed }}, the id of a preview's data, is another one: once, when the preview is made; per-sha, with each commit. Without it there is none.",
      )
      .optional(),
    render: z
      .enum(["kustomize", "helm"])
      .describe(
        "Which program of the runner makes manifests of the template: kustomize, which kubectl has as well, or helm. Without it whatever deploys them does.",
      )
      .optional(),
    chart: chart.optional(),
    overrides: folder(
      "A folder in the config repository. Its folder <n> has files that are different for pull request n: values merge with the template's, manifests replace them.",
      "apps/frontend/envs/previews/pull-request-number",
    ).optional(),
    manifest: folder(
      "The file in the app's repository that has its manifest with preview: true, on the branch that the pull request goes into. Without it the app's own counts nowhere.",
      ".gimlet/preview.yaml",
    ).optional(),
  })
  .check(({ value, issues }) => {
    const { template, render, chart: own, manifest } = value;
    const wrong = (message: string, fix: string, at: string[] = []) =>
      issues.push({ ...issue(message, { code: "config/value", fix }, at), input: value });
    if (template === undefined && (render !== "helm" || manifest === undefined)) {
      wrong("has no template", "Name the folder that has its manifests.");
    }
    if (own !== undefined && render !== "helm")
      wrong("needs render: helm", "Add render: helm, or remove it.", ["chart"]);
    if (render === "helm" && own === undefined && manifest === undefined) {
      wrong("names no chart", "Add chart: { name, repository, version }, or the app's manifest.");
    }
    if (own !== undefined && template === undefined && !isFetched(chartOf(own))) {
      wrong("is a folder, and there is no template beside it", "Name its repository, or a template.", ["chart"]);
    }
  })
  .describe("What a preview of the app is made of. Without it the app has none.")
  .register(examples, { example: "{ template: deploy/preview }" })
  .transform(({ chart: own, ...rest }) => ({ ...rest, chart: own === undefined ? undefined : chartOf(own) }))
  .describe("What a preview of the app is made of. Without it the app has none.");
