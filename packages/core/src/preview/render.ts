import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import { longestLabel } from "../model/dns-label.ts";
import { type RepoPath, repoPath } from "../model/names.ts";
import type { PreviewImage } from "../model/preview.ts";
import type { Bytes } from "../ports/config-repository.ts";
import { dnsLabel, hostWithin, previewKey, previewName } from "./names.ts";
import type { PreviewPorts, PreviewTemplate, UpRequest } from "./options.ts";
import { assertSeeded } from "./seed.ts";

/** What a preview consists of. */
export interface Rendered {
  namespace: string;
  host: string | undefined;
  url: string | undefined;
  /** The address that is asked for its health. */
  health: string | undefined;
  links: Readonly<Record<string, string>>;
  /** By their paths in the repository. */
  files: ReadonlyMap<RepoPath, Bytes>;
}

/** The file that has the Namespace, where the templates have none: what a tool makes by an option it never prunes. */
const namespaceFile = "preview-namespace.yaml";

export const sha256 = (content: Bytes): string => createHash("sha256").update(content).digest("hex");

/** One hash of all files of a template with their names. */
export function templateHash({ files }: PreviewTemplate): string {
  const hash = createHash("sha256");
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * The files of a preview. What somebody else has written, such as a branch's name, is a name of harmless letters in them.
 * @param seed the id of its data; undefined: it has none
 * @throws UserError `preview/…`, `template/…`
 */
export function renderPreview(
  request: UpRequest,
  template: PreviewTemplate,
  { templates, manifests }: Pick<PreviewPorts, "templates" | "manifests">,
  seed?: string,
): Rendered {
  const { app, number, settings } = request;
  const folder = `${settings.folder}/${app}/${previewKey(number)}`;
  const namespace = previewName(app, number);
  const fill = (text: string, host: string | undefined, longest = longestLabel) => {
    assertSeeded(text, request);
    return templates.render(text, variablesOf(request, { namespace, host, longest, seed }), harmless);
  };
  const { host: hostTemplate } = settings;
  const host = hostTemplate === undefined ? undefined : hostWithin((most) => fill(hostTemplate, undefined, most));
  const url = settings.url === undefined ? host && `https://${host}` : fill(settings.url, host);
  const links = Object.fromEntries(
    Object.entries(settings.links).map(([name, text]) => [name, addressOf(fill(text, host), `previews.links.${name}`)]),
  );
  if (url !== undefined) addressOf(url, "previews.url");
  const health = settings.health === undefined ? undefined : addressOf(fill(settings.health, host), "previews.health");
  if (template.files.size === 0) {
    throw new UserError("preview/no-template", `There is no file in ${template.from}.`, {
      seen: template.from,
      fix: "Put the manifests of a preview there, or name the folder that has them.",
    });
  }
  const files = new Map<RepoPath, Bytes>();
  let hasNamespace = false;
  for (const [path, content] of template.files) {
    const rendered = encode(
      fillIn(decode(content, path, template), `${template.from}/${path}`, (one) => fill(one, host)),
    );
    files.set(repoPath(`${folder}/${path}`), rendered);
    for (const object of manifests.objectsIn(`${template.from}/${path}`, rendered)) {
      const isOwn = object.kind === "Namespace" && object.name === namespace;
      hasNamespace ||= isOwn;
      if (isOwn || (object.kind !== "Namespace" && (object.namespace ?? namespace) === namespace)) continue;
      throw new UserError("preview/namespace", `${template.from}/${path} reaches out of the preview's namespace.`, {
        seen: object.kind === "Namespace" ? `Namespace ${object.name}` : `${object.kind} in ${object.namespace}`,
        fix: "Write namespace: {{ preview.namespace }}, or leave it out.",
      });
    }
  }
  if (!hasNamespace) files.set(repoPath(`${folder}/${namespaceFile}`), encode(namespaceObject(request, namespace)));
  return { namespace, host, url, health, links, files };
}

/** What people click on. @throws UserError `preview/address` */
function addressOf(text: string, where: string): string {
  if (/^https?:\/\/[^\s"'<>]+$/i.test(text) && URL.canParse(text)) return text;
  throw new UserError("preview/address", `${where} gives ${JSON.stringify(text.slice(0, 200))}, which is no address.`, {
    seen: text.slice(0, 200),
    fix: "Let it begin with https://.",
  });
}

/** Each expression by itself: a mistake is told with its line, and a manifest may be as long as it is. */
function fillIn(text: string, file: string, fill: (expression: string) => string): string {
  return text.replace(/\{\{[\s\S]*?\}\}/g, (expression, at: number) => {
    try {
      return fill(expression);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { code, message, seen, fix } = error;
      const line = text.slice(0, at).split("\n").length;
      throw new UserError(code, message.replace("this artifact", "this preview"), {
        ...{ seen, at: { file, line }, cause: error },
        ...(fix === undefined ? {} : { fix }),
      });
    }
  });
}

const variablesOf = (
  { app, number, event, branch, pullAuthor, images }: UpRequest,
  {
    namespace,
    host,
    longest,
    seed,
  }: { namespace: string; host: string | undefined; longest: number; seed: string | undefined },
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
  images: Object.fromEntries(Object.entries(images).map(([key, image]) => [key, imageVariables(image)])),
});

const imageVariables = ({ name, tag, digest }: PreviewImage) => ({
  ...{ name, digest, ref: `${name}@${digest}` },
  ...(tag === undefined ? {} : { tag }),
});

/** Letters that mean nothing in YAML, wherever they stand on a line. */
const plain = /^[\w./:@+-]*$/;

function harmless(value: string): string {
  if (plain.test(value)) return value;
  throw new UserError(
    "preview/unsafe-value",
    `${JSON.stringify(value.slice(0, 200))} may not be put into a manifest.`,
    {
      seen: value.slice(0, 200),
      fix: "Only letters, digits and . / : @ + - _ may. Make a name of it: {{ value | sanitizeDNSName }}.",
    },
  );
}

function decode(content: Bytes, path: string, { from }: PreviewTemplate): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new UserError("preview/manifest", `${from}/${path} is not text in UTF-8.`, {
      seen: path,
      fix: "The folder of a template holds manifests only.",
      cause,
    });
  }
}

const encode = (text: string): Bytes => new TextEncoder().encode(text);

/** Labels as Kubernetes recommends them. All values are DNS labels, and so valid ones. */
function namespaceObject({ app, number }: UpRequest, namespace: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: "${namespace}"
  labels:
    app.kubernetes.io/managed-by: glu-actions
    app.kubernetes.io/part-of: "${app}"
    app.kubernetes.io/instance: "${previewKey(number)}"
`;
}
