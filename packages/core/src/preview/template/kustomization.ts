import { UserError } from "../../errors.ts";
import { type RepoPath, repoPath } from "../../model/names.ts";
import type { Bytes } from "../../ports/config-repository.ts";
import { kustomizationNames } from "../../ports/kustomizations.ts";
import type { PreviewPorts, PreviewTemplate } from "../options.ts";
import { guard, reachesOut } from "./guard.ts";
import { isKustomization } from "./overrides.ts";
import { folderOf, isWithin, relativePath, resolvePath } from "./paths.ts";

type Ports = Pick<PreviewPorts, "kustomizations" | "manifests">;
type Files = ReadonlyMap<string, Bytes>;

/** The kustomization of a template as a whole; undefined: it has none, and is what it is. */
export const rootOf = (files: Files): string | undefined => kustomizationNames.find((name) => files.has(name));

/** What a kustomization names: something of the template, something else of its repository, or an address. */
export type Leads =
  | { to: "inside" }
  | { to: "elsewhere"; path: RepoPath }
  | { to: "address" }
  | { to: "nowhere"; fix: string };

/** Where a reference leads, from the folder of the kustomization that has it. Paths are those of the repository. */
export function leadsTo(path: string, folder: string, template: { folder: string; files: Files }): Leads {
  const at = resolvePath(folder, path);
  const isAddress = /^[a-z][a-z0-9+.-]*:|^git@|^[\w-]+(?:\.[\w-]+)+\/|\?/i.test(path) && !/^\.{1,2}(?:\/|$)/.test(path);
  if (at !== undefined && isWithin(template.folder, at)) {
    const below = template.folder === "" ? at : at.slice(template.folder.length + 1);
    const isThere = below === "" || [...template.files.keys()].some((one) => isWithin(below, one));
    if (isThere) return { to: "inside" };
  }
  if (isAddress) return { to: "address" };
  if (at === undefined || at === "") return { to: "nowhere", fix: "Name a folder or file of the same repository." };
  if (isWithin(template.folder, at)) return { to: "nowhere", fix: "Name a file or folder that the template has." };
  return { to: "elsewhere", path: repoPath(at) };
}

interface Place {
  template: PreviewTemplate;
  /** The folder of the preview. */
  into: string;
  namespace: string;
  /** What the Namespace is written to where the template has none. */
  namespaceFile: string;
}

/**
 * A template that is a kustomization, so that what deploys the preview's folder can build it there: what it takes from
 * elsewhere in the repository is named as seen from there, and the Namespace is one of its resources.
 * @param files filled in
 * @returns the files, and whether the Namespace is to be put beside them
 * @throws UserError `preview/kustomization`, `preview/namespace`, `preview/elsewhere`
 */
export async function asKustomization(
  root: string,
  files: Files,
  place: Place,
  ports: Ports,
): Promise<{ files: Map<string, Bytes>; hasNamespace: boolean }> {
  const { template, into, namespace, namespaceFile } = place;
  const all = new Map(files);
  const own = ports.kustomizations.read(`${template.from}/${root}`, files.get(root) ?? new Uint8Array());
  const isSet = own.namespace === namespace;
  let hasNamespace = false;
  for (const [path, content] of files) {
    const where = `${template.from}/${path}`;
    if (!isKustomization(path)) {
      const objects = ports.manifests.objectsAmong(where, content);
      hasNamespace = guard(where, objects, namespace, { ignoresNamespaces: isSet }) || hasNamespace;
      continue;
    }
    const { namespace: named, references } = ports.kustomizations.read(where, content);
    if (named !== undefined && named !== namespace) {
      throw reachesOut(where, `namespace: ${named}`, "Write namespace: {{ preview.namespace }}.");
    }
    const set = new Map<string, string>();
    for (const { selector, path: reference, is } of references) {
      const folder = folderOf(where);
      const leads = leadsTo(reference, folder, { folder: template.from, files });
      if (leads.to === "inside") continue;
      if (leads.to === "nowhere") throw nothingAt(where, selector, reference, leads.fix);
      if (!isSet) {
        throw reachesOut(
          `${template.from}/${root}`,
          `${reference} may be of any namespace`,
          "Write namespace: {{ preview.namespace }} there: Kustomize puts all into it.",
        );
      }
      if (leads.to === "address") continue;
      await checkElsewhere({ where, selector, reference, is }, leads.path, template);
      set.set(selector, relativePath(folderOf(`${into}/${path}`), leads.path));
    }
    if (set.size > 0) all.set(path, ports.kustomizations.edit(where, content, { set, add: undefined }));
  }
  if (!hasNamespace) {
    const edited = all.get(root) ?? new Uint8Array();
    const added = { set: new Map<string, string>(), add: namespaceFile };
    all.set(root, ports.kustomizations.edit(`${template.from}/${root}`, edited, added));
  }
  return { files: all, hasNamespace };
}

interface Named {
  where: string;
  selector: string;
  reference: string;
  is: "resource" | "file";
}

/** Kustomize takes folders from elsewhere, and no files. */
async function checkElsewhere(
  { where, selector, reference, is }: Named,
  path: RepoPath,
  template: PreviewTemplate,
): Promise<void> {
  const elsewhere = (why: string, fix: string) =>
    new UserError("preview/elsewhere", `${where}: ${selector} is ${reference}, ${why}.`, { seen: reference, fix });
  if (template.isBeside !== true) {
    throw elsewhere(
      "which is not there where previews live",
      "Let Glu build it, with render: kustomize, or put what it needs into the template.",
    );
  }
  const files = (await template.below?.(path)) ?? new Map<RepoPath, Bytes>();
  const hasOne = kustomizationNames.some((name) => files.has(`${path}/${name}` as RepoPath));
  if (is === "resource" && hasOne) return;
  throw elsewhere(
    is === "file" || files.size > 0 ? "from where Kustomize takes no files" : "which is not there",
    "Name a folder of the same repository that has a kustomization, or put the file into the template.",
  );
}

/**
 * All that a kustomization is built from: the template's files, and what they name elsewhere in the repository, by their
 * paths in it. Nothing is fetched.
 * @throws UserError `preview/kustomization`, `preview/elsewhere`
 */
export async function filesOfBuild(
  files: Files,
  template: PreviewTemplate,
  { kustomizations }: Pick<Ports, "kustomizations">,
): Promise<{ all: Map<RepoPath, Bytes>; elsewhere: Map<RepoPath, Bytes> }> {
  const all = new Map([...files].map(([path, content]) => [repoPath(`${template.from}/${path}`), content]));
  const elsewhere = new Map<RepoPath, Bytes>();
  const open = [...all.keys()].filter(isKustomization);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const { selector, path: reference } of kustomizations.read(path, all.get(path) ?? new Uint8Array())
      .references) {
      const leads = leadsTo(reference, folderOf(path), { folder: "", files: all });
      if (leads.to === "inside") continue;
      if (leads.to === "address") {
        throw new UserError("preview/elsewhere", `${path}: ${selector} is ${reference}, which is not fetched.`, {
          seen: reference,
          fix: "Copy what it has into the repository: the same commit is to give the same preview.",
        });
      }
      const at = resolvePath(folderOf(path), reference);
      const found = at === undefined || at === "" ? undefined : await template.below?.(repoPath(at));
      if (found === undefined || found.size === 0) {
        throw nothingAt(path, selector, reference, "Name a folder or file of the same repository.");
      }
      for (const [one, content] of found) {
        if (all.has(one)) continue;
        all.set(one, content);
        elsewhere.set(one, content);
        if (isKustomization(one)) open.push(one);
      }
    }
  }
  return { all, elsewhere };
}

const nothingAt = (where: string, selector: string, reference: string, fix: string): UserError =>
  new UserError("preview/kustomization", `${where}: ${selector} is ${JSON.stringify(reference)}, which is not there.`, {
    seen: reference,
    at: { file: where },
    fix,
  });
