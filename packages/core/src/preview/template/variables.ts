import { manifestVariables } from "../../manifests/manifest-variables.ts";
import type { Manifest } from "../../model/artifact.ts";
import type { PreviewImage } from "../../model/preview.ts";
import { dnsLabel, previewKey, previewName } from "../names.ts";
import type { UpRequest } from "../options.ts";

export interface Names {
  namespace: string;
  host: string | undefined;
  /** Characters that a name may have. */
  longest: number;
  /** The id of its data; undefined: it has none. */
  seed: string | undefined;
  /** The app's own, filled in. */
  manifest: Manifest | undefined;
}

/** What the templates of a preview may name. */
export const variablesOf = (
  { app, number, event, branch, pullAuthor, images }: UpRequest,
  { namespace, host, longest, seed, manifest }: Names,
) => ({
  app,
  preview: {
    name: previewName(app, number, longest),
    key: previewKey(number),
    number: String(number),
    namespace,
    ...(host === undefined ? {} : { host }),
    ...(seed === undefined ? {} : { seed }),
  },
  pull: {
    number: String(number),
    sha: event.head,
    // As a DNS label: nothing of what its author wrote reaches a manifest as it is.
    ...(branch === undefined ? {} : { branch: dnsLabel(branch, longest) }),
    ...(pullAuthor === undefined ? {} : { author: dnsLabel(pullAuthor, longest) }),
  },
  ...(manifest === undefined ? {} : { manifest: manifestVariables(manifest) }),
  // As GimletD's manifests name them: {{ .SHA }}.
  vars: { APP: app, SHA: event.head, ...(branch === undefined ? {} : { BRANCH: dnsLabel(branch, longest) }) },
  images: Object.fromEntries(Object.entries(images).map(([key, image]) => [key, imageVariables(image)])),
});

const imageVariables = ({ name, tag, digest }: PreviewImage) => ({
  ...{ name, digest, ref: `${name}@${digest}` },
  ...(tag === undefined ? {} : { tag }),
});
