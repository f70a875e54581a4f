import type { App, Source, SourcePart } from "@glu/core";
import type { LayeredApp } from "./layers.ts";
import { type Reading, report } from "./reading.ts";

const layerOf = ({ layers }: Pick<LayeredApp, "layers">) =>
  layers.findLast(({ settings }) => settings.sources !== undefined);

/** What an app follows; undefined when that is nothing. The most special layer says it. */
export function sourcesOf(app: Pick<LayeredApp, "layers">, fill: (text: string) => string): Source[] | undefined {
  const fillPart = (part: SourcePart): SourcePart => {
    switch (part.kind) {
      case "oci":
        return { ...part, image: fill(part.image), set: part.set.map(fill) };
      case "helm":
        return { ...part, chart: fill(part.chart) };
      case "git":
      case "releases":
        return { ...part, repository: fill(part.repository) };
    }
  };
  return layerOf(app)?.settings.sources?.map(({ parts: [first, ...others], limit }) => ({
    parts: [fillPart(first), ...others.map(fillPart)],
    limit,
  }));
}

/** Promotions refuse images that are not declared, and values of one name that come from two places. */
export function checkSources(reading: Reading, app: App, layered: LayeredApp): void {
  const layer = layerOf(layered);
  if (layer === undefined) return;
  const declared = Object.values(app.images);
  for (const [index, { parts }] of (app.sources ?? []).entries()) {
    const path = [...layer.path, "sources", index];
    const images = parts.flatMap((part) => (part.kind === "oci" ? [part.image, ...part.set] : []));
    for (const name of images) {
      if (declared.includes(name)) continue;
      const message = `The app ${app.name} follows the image ${name}, which it does not declare.`;
      const fix = `Add it to the app's images, such as images: { web: ${name} }.`;
      report(reading, path, "config/source-image", message, fix, { seen: name });
    }
    const twice =
      images.find((name, at) => images.indexOf(name) !== at) ??
      parts.map(({ kind }) => kind).find((kind, at, all) => kind !== "oci" && all.indexOf(kind) !== at);
    if (twice === undefined) continue;
    const message = `A source of ${app.name} has ${twice} twice: one artifact has room for one.`;
    report(reading, path, "config/source-twice", message, "Make them two entries of sources.", { seen: twice });
  }
}
