import { type StrictAnswer, type StrictRequest, StrictServer } from "./strict-server.ts";

/** Parameters of `ApplicationService_Get` (argo-cd, assets/swagger.json). */
const parameters = ["refresh", "projects", "resourceVersion", "selector", "repo", "appNamespace", "project"];

interface Account {
  /** Projects whose applications it may get. */
  projects: readonly string[];
}

/** An Argo CD of which applications can be got, one by one, by those who may. As the real one it hides what is missing. */
export class ArgocdServer extends StrictServer {
  readonly #applications = new Map<string, Record<string, unknown>>();
  readonly #accounts = new Map<string, Account>();

  static start(): Promise<ArgocdServer> {
    return new ArgocdServer().listen();
  }

  /** A token of an account that may get the applications of these projects. */
  token(token: string, ...projects: readonly string[]): void {
    this.#accounts.set(token, { projects });
  }

  /** From now on there is this application: its spec and status, over those of one that nothing has looked at. */
  put(name: string, { project = "default", namespace = "argocd", spec = {}, ...more }: PutApplication = {}): void {
    const application = {
      metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: "1" },
      spec: {
        project,
        source: { repoURL: "https://git.test/acme/config.git", path: "apps/web", targetRevision: "HEAD" },
        destination: { server: "https://kubernetes.default.svc", namespace: "web" },
        ...spec,
      },
      status: {
        health: {},
        summary: {},
        sync: { status: "", comparedTo: { destination: {}, source: { repoURL: "" } } },
      },
      ...more,
    };
    this.#applications.set(`${namespace}/${name}`, application);
  }

  protected answer({ method, path, query, headers }: StrictRequest): StrictAnswer {
    const [, name] = /^\/api\/v1\/applications\/([^/]+)$/.exec(path) ?? [];
    if (method !== "GET" || name === undefined) return this.violate(`${method} ${path}`);
    const strange = [...query.keys()].find((key) => !parameters.includes(key));
    if (strange !== undefined) return this.violate(`${path} has no parameter ${strange}`);
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    if (token === undefined) return refusal(401, 16, "no session information");
    const account = this.#accounts.get(token);
    if (account === undefined) {
      return refusal(401, 16, "invalid session: token is malformed: token contains an invalid number of segments");
    }
    const application = this.#applications.get(`${query.get("appNamespace") ?? "argocd"}/${decodeURIComponent(name)}`);
    const project = (application?.spec as { project?: string } | undefined)?.project;
    const named = query.get("project");
    // Who names a project of theirs is told that nothing is there; everybody else that they may not see it.
    if (named !== null && account.projects.includes(named) && application === undefined) {
      return refusal(404, 5, `applications.argoproj.io ${JSON.stringify(name)} not found`);
    }
    const isTheirs =
      project !== undefined && account.projects.includes(project) && (named === null || named === project);
    return isTheirs ? { status: 200, body: application } : refusal(403, 7, "permission denied");
  }
}

export interface PutApplication {
  project?: string;
  namespace?: string;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  operation?: Record<string, unknown>;
}

/** As grpc-gateway tells an error. */
const refusal = (status: number, code: number, message: string): StrictAnswer => ({
  status,
  body: { error: message, code, message },
});
