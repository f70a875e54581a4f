import { UserError } from "../errors.ts";
import { longestLabel } from "../model/dns-label.ts";
import { type RepoPath, repoPath } from "../model/names.ts";
import type { Bytes } from "../ports/config-repository.ts";
import { hostWithin, previewKey, previewName } from "./names.ts";
import type { PreviewPorts, PreviewTemplate, UpRequest } from "./options.ts";
import { filledManifest } from "./template/app-manifest.ts";
import { helmBuild, kustomizeBuild, type Planned, partsOf } from "./template/build.ts";
import { encode, type Fill, fillFile, harmless } from "./template/fill.ts";
import { guard, isOfNamespace } from "./template/guard.ts";
import { templateHash } from "./template/hash.ts";
import { asKustomization, rootOf } from "./template/kustomization.ts";
import { withOverrides } from "./template/overrides.ts";
import { variablesOf } from "./template/variables.ts";

export { sha256 } from "./template/hash.ts";

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
  /** Of all that decided them but the pull request. */
  hash: string;
}

/** The file that has the Namespace, where the templates have none: what a tool makes by an option it never prunes. */
const namespaceFile = "preview-namespace.yaml";
/** What a program has made of the templates. */
const builtFile = "manifests.yaml";

type RenderPorts = Pick<PreviewPorts, "templates" | "manifests" | "kustomizations" | "builder">;

/**
 * The files of a preview. What somebody else has written, such as a branch's name, is a name of harmless letters in them.
 * @param seed the id of its data; undefined: it has none
 * @throws UserError, OutsideError `preview/…`, `template/…`
 */
export async function renderPreview(
  request: UpRequest,
  template: PreviewTemplate,
  ports: RenderPorts,
  seed?: string,
): Promise<Rendered> {
  const { app, number, settings } = request;
  const namespace = previewName(app, number);
  let own: ReturnType<typeof filledManifest> | undefined;
  const fillWith = (text: string, host: string | undefined, longest = longestLabel) => {
    assertSeeded(text, request);
    return ports.templates.render(
      text,
      variablesOf(request, { namespace, host, longest, seed, manifest: own }),
      harmless,
    );
  };
  const { host: hostTemplate } = settings;
  const host = hostTemplate === undefined ? undefined : hostWithin((most) => fillWith(hostTemplate, undefined, most));
  const url = settings.url === undefined ? host && `https://${host}` : fillWith(settings.url, host);
  const links = Object.fromEntries(
    Object.entries(settings.links).map(([name, text]) => [
      name,
      addressOf(fillWith(text, host), `previews.links.${name}`),
    ]),
  );
  if (url !== undefined) addressOf(url, "previews.url");
  const health =
    settings.health === undefined ? undefined : addressOf(fillWith(settings.health, host), "previews.health");
  const fill: Fill = (text) => fillWith(text, host);
  if (template.manifest !== undefined) own = filledManifest(template.manifest, fill);
  if (template.files.size === 0 && template.from !== template.manifest?.from) {
    throw new UserError("preview/no-template", `There is no file in ${template.from}.`, {
      seen: template.from,
      fix: "Put the manifests of a preview there, or name the folder that has them.",
    });
  }
  const into = `${settings.folder}/${app}/${previewKey(number)}`;
  const made = await make({ request, template, manifest: own, namespace, into, fill }, ports);
  const files = new Map([...made.files].map(([path, content]) => [repoPath(`${into}/${path}`), content]));
  if (made.needsNamespace) {
    const path = repoPath(`${into}/${namespaceFile}`);
    if (files.has(path)) {
      throw new UserError("preview/manifest", `${template.from}/${namespaceFile} has not the preview's Namespace.`, {
        seen: namespaceFile,
        fix: "Give it another name: the Namespace is written there.",
      });
    }
    files.set(path, encode(namespaceObject(request, namespace)));
  }
  return { namespace, host, url, health, links, files, hash: templateHash(template, made.elsewhere, settings) };
}

interface Making {
  request: UpRequest;
  template: PreviewTemplate;
  manifest: ReturnType<typeof filledManifest> | undefined;
  namespace: string;
  /** The folder of the preview. */
  into: string;
  fill: Fill;
}

/** Files by their paths below the preview's folder, and whether their Namespace is to be put beside them. */
interface Made {
  files: ReadonlyMap<string, Bytes>;
  needsNamespace: boolean;
  /** What was taken from outside of the template. */
  elsewhere: ReadonlyMap<string, Bytes>;
}

async function make(making: Making, ports: RenderPorts): Promise<Made> {
  const { request, template, manifest, namespace, into, fill } = making;
  const { settings } = request;
  const parts = settings.render === "helm" ? partsOf(template, settings, manifest) : undefined;
  const filled = (files: ReadonlyMap<string, Bytes>, from: string) =>
    new Map(
      [...files].map(([path, content]) => {
        return [path, parts?.isOfChart(path) ? content : fillFile(content, `${from}/${path}`, fill)] as const;
      }),
    );
  const { overrides } = template;
  const common = filled(template.files, template.from);
  const files =
    overrides === undefined
      ? common
      : withOverrides(common, filled(overrides.files, overrides.from), { ...overrides, ...ports });
  if (parts !== undefined) return built(await helmBuild(request, files, { ...making, parts }), making, ports);
  if (settings.render === "kustomize") return built(await kustomizeBuild(files, template, ports), making, ports);
  const elsewhere = new Map<string, Bytes>();
  const root = rootOf(files);
  if (root !== undefined) {
    const made = await asKustomization(root, files, { template, into, namespace, namespaceFile }, ports);
    return { files: made.files, needsNamespace: !made.hasNamespace, elsewhere };
  }
  if (areValues(files, ports)) return { files, needsNamespace: false, elsewhere };
  return { files, needsNamespace: !guardAll(files, making, ports), elsewhere };
}

/** Whether the files are values of a chart that something else deploys. It makes the Namespace, too. */
function areValues(files: ReadonlyMap<string, Bytes>, { manifests }: RenderPorts): boolean {
  const kinds = new Set([...files].map(([path, content]) => manifests.kindOf(path, content)));
  kinds.delete("empty");
  return kinds.size === 1 && kinds.has("values");
}

/** @returns whether the Namespace is among them */
function guardAll(
  files: ReadonlyMap<string, Bytes>,
  { template, namespace }: Making,
  { manifests }: RenderPorts,
): boolean {
  const found = [...files].map(([path, content]) => {
    const where = `${template.from}/${path}`;
    return guard(where, manifests.objectsIn(where, content), namespace);
  });
  return found.includes(true);
}

/** What a program makes of the templates is one file, and each object in it names the namespace it is in. */
async function built({ build, elsewhere, beside }: Planned, making: Making, ports: RenderPorts): Promise<Made> {
  const { namespace, template } = making;
  const { manifests, builder } = ports;
  const raw = await builder.build(build);
  const where = `what ${build.run.by} makes of ${template.from}`;
  const inOwn = guard(where, manifests.objectsIn(where, raw), namespace);
  if (beside.has(builtFile)) {
    throw new UserError("preview/manifest", `${template.from}/${builtFile} has the name of what is built.`, {
      seen: builtFile,
      fix: "Give it another name.",
    });
  }
  const isBeside = guardAll(beside, making, ports);
  const content = manifests.inNamespace(where, raw, namespace, isOfNamespace);
  return { files: new Map([...beside, [builtFile, content]]), needsNamespace: !inOwn && !isBeside, elsewhere };
}

/** What people click on. @throws UserError `preview/address` */
function addressOf(text: string, where: string): string {
  if (/^https?:\/\/[^\s"'<>]+$/i.test(text) && URL.canParse(text)) return text;
  throw new UserError("preview/address", `${where} gives ${JSON.stringify(text.slice(0, 200))}, which is no address.`, {
    seen: text.slice(0, 200),
    fix: "Let it begin with https://.",
  });
}

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
