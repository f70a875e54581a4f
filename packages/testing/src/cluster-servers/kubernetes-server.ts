import { type ServerKey, type StrictAnswer, type StrictRequest, StrictServer } from "./strict-server.ts";

/** The types that it has, as their APIs and CRDs name them. */
const types = [
  { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" },
  { group: "apps", version: "v1", plural: "statefulsets", kind: "StatefulSet" },
  { group: "apps", version: "v1", plural: "daemonsets", kind: "DaemonSet" },
  { group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations", kind: "Kustomization" },
  { group: "helm.toolkit.fluxcd.io", version: "v2", plural: "helmreleases", kind: "HelmRelease" },
] as const;

type Type = (typeof types)[number];
export type ClusterKind = Type["kind"];

interface Put {
  labels?: Record<string, string>;
  generation?: number;
  spec?: object;
  status?: object;
}

/** `get deployments in shop`. */
type Right = `${Type["plural"]} ${string}`;

/** An API server of Kubernetes with workloads and Flux' types: of each object it can be got, by who has the right to. */
export class KubernetesServer extends StrictServer {
  readonly #objects = new Map<string, object>();
  readonly #rights = new Map<string, readonly Right[]>();
  /** Whether Flux is installed: without it nobody knows its types. */
  flux = true;

  static start(tls?: ServerKey): Promise<KubernetesServer> {
    return new KubernetesServer(tls).listen();
  }

  /** The token of a service account that may get these, such as `deployments shop`. */
  token(token: string, ...rights: readonly Right[]): void {
    this.#rights.set(token, rights);
  }

  put(kind: ClusterKind, namespace: string, name: string, { labels, generation = 1, spec = {}, status }: Put): void {
    const { group, version, plural } = types.find((one) => one.kind === kind) as Type;
    this.#objects.set(`${plural}.${group}/${namespace}/${name}`, {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: {
        name,
        namespace,
        uid: `uid-${name}`,
        resourceVersion: "7",
        generation,
        ...(labels === undefined ? {} : { labels }),
      },
      spec,
      ...(status === undefined ? {} : { status }),
    });
  }

  protected answer(request: StrictRequest): StrictAnswer {
    const { method, path, headers, query } = request;
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    const rights = this.#rights.get(token ?? "");
    if (rights === undefined) return failure(401, "Unauthorized", "Unauthorized");
    if (method !== "GET") return this.violate(`${method} ${path}`);
    const found = this.#discovery(path);
    if (found !== undefined) return found;
    const [, group = "", version = "", namespace = "", plural = "", name = ""] =
      /^\/apis\/([^/]+)\/([^/]+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    // kubectl looks for the namespace of what is not there. Nobody has the right to.
    const [, asked] = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path) ?? [];
    if (asked !== undefined) {
      const details = { name: asked, kind: "namespaces" };
      return failure(403, "Forbidden", `namespaces ${JSON.stringify(asked)} is forbidden`, details);
    }
    if (query.size > 0) return this.violate(`${path} is got with ${query}`);
    const type = this.#types().find((one) => one.group === group && one.version === version && one.plural === plural);
    if (name === "") return this.violate(path);
    if (type === undefined) return { status: 404, body: "404 page not found\n" };
    const of = `${plural}.${group} ${JSON.stringify(name)}`;
    const details = { name, group, kind: plural };
    if (!rights.includes(`${type.plural} ${namespace}`)) {
      const who = 'User "system:serviceaccount:glu:glu"';
      const message = `${of} is forbidden: ${who} cannot get resource "${plural}" in API group "${group}" in the namespace "${namespace}"`;
      return failure(403, "Forbidden", message, details);
    }
    const object = this.#objects.get(`${plural}.${group}/${namespace}/${name}`);
    return object === undefined ? failure(404, "NotFound", `${of} not found`, details) : { status: 200, body: object };
  }

  #types(): readonly Type[] {
    return types.filter(({ group }) => this.flux || group === "apps");
  }

  /** What kubectl asks before it asks for an object. */
  #discovery(path: string): StrictAnswer | undefined {
    // Anybody may ask; newer ones compare it with their own, now and then.
    if (path === "/version") return { status: 200, body: { major: "1", minor: "37", gitVersion: "v1.37.1" } };
    if (path === "/api")
      return { status: 200, body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] } };
    if (path === "/api/v1")
      return { status: 200, body: { kind: "APIResourceList", groupVersion: "v1", resources: [] } };
    const known = this.#types();
    if (path === "/apis") {
      const groups = [...new Map(known.map(({ group, version }) => [group, version]))].map(([name, version]) => {
        const one = { groupVersion: `${name}/${version}`, version };
        return { name, versions: [one], preferredVersion: one };
      });
      return { status: 200, body: { kind: "APIGroupList", apiVersion: "v1", groups } };
    }
    const [, groupVersion] = /^\/apis\/([^/]+\/[^/]+)$/.exec(path) ?? [];
    const resources = known
      .filter(({ group, version }) => `${group}/${version}` === groupVersion)
      .map(({ plural, kind }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced: true,
        kind,
        verbs: ["get"],
      }));
    if (resources.length === 0) return undefined;
    return { status: 200, body: { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources } };
  }
}

const failure = (code: number, reason: string, message: string, details?: object): StrictAnswer => ({
  status: code,
  body: {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  },
});
