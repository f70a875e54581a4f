import { createHash } from "node:crypto";
import type { Digest } from "../model/names.ts";
import type { HelmPart } from "../model/source.ts";
import type { ChartVersion } from "../ports/source-ports.ts";
import type { Facts, SourceKind } from "./kind.ts";

const isOci = ({ repository }: HelmPart): boolean => repository.startsWith("oci://");

/** The chart as registries call it. */
const imageOf = ({ repository, chart }: HelmPart): string =>
  `${repository.slice("oci://".length).replace(/\/+$/, "")}/${chart}`;

// A tag has no '+': Helm writes '_' for it (https://helm.sh/docs/topics/registries/).
const versionOfTag = (tag: string): string => tag.replaceAll("_", "+");
const tagOfVersion = (version: string): string => version.replaceAll("+", "_");

/** Versions of a Helm chart: of an HTTP repository by its index, of a registry by its tags. */
export const helm: SourceKind<HelmPart> = {
  kind: "helm",

  async list(part, { images, charts }) {
    if (isOci(part)) return (await images.tags(imageOf(part))).map((tag) => ({ name: versionOfTag(tag) }));
    const versions = await charts.versions(part.repository, part.chart);
    return versions.map((one) => ({ name: one.version, id: digestOf(one) }));
  },

  async pin(part, { name, id }, { images }) {
    const digest = isOci(part) ? await images.resolve(imageOf(part), tagOfVersion(name)) : id;
    return digest === undefined ? { missing: [part.chart] } : { pinned: { chart: digest } };
  },

  async read(part, { name }, { chart: digest = "" }, { ports }): Promise<Facts> {
    const { createdAt, appVersion, digest: told } = await factsOf(part, name, digest as Digest, ports);
    return {
      version: { event: "tag", tag: name, sha: digest.slice("sha256:".length) },
      committedAt: createdAt,
      vars: {
        chart: part.chart,
        chartRepository: part.repository,
        chartVersion: name,
        ...(told === undefined ? {} : { chartDigest: told }),
        ...(appVersion === undefined ? {} : { appVersion }),
      },
    };
  },
};

const nothing = { createdAt: undefined, appVersion: undefined, digest: undefined };

async function factsOf(
  part: HelmPart,
  version: string,
  digest: Digest,
  { images, charts }: Parameters<SourceKind<HelmPart>["read"]>[3]["ports"],
): Promise<Omit<ChartVersion, "version">> {
  if (isOci(part)) {
    const { createdAt, appVersion } = await images.facts(imageOf(part), digest);
    return { createdAt, appVersion, digest };
  }
  const versions = await charts.versions(part.repository, part.chart);
  return versions.find((one) => one.version === version) ?? nothing;
}

/** Old indexes have no digest: then a version is what it is called. */
function digestOf({ version, digest }: ChartVersion): string {
  return digest ?? `sha256:${createHash("sha256").update(`chart\0${version}`).digest("hex")}`;
}
