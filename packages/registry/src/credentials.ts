import { type Logger, UserError } from "@glu/core";

/** What a registry is shown. An identity token is exchanged at the registry's token server (OAuth 2). */
export type Credentials = ({ username: string; password: string } | { identityToken: string }) & {
  /**
   * Hosts beside the registry that may see it, as token servers; absent: whichever the registry names. A login was made
   * at the registry's own token server; a token that a job has anyway was not, and stays where it belongs.
   */
  onlyAt?: readonly string[];
};

/** Credentials for a host such as `ghcr.io`, or none: then the registry is asked anonymously. */
export type CredentialStore = (host: string) => Credentials | undefined;

export interface CredentialOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or `undefined` when it does not exist. */
  readFile: (path: string) => string | undefined;
  logger: Logger;
  /** The host's own token: used for the forge's own registry only. */
  token?: string | undefined;
}

const dockerHub = "registry-1.docker.io";

/** Docker writes host names, URLs, and for its Hub a URL of an API that is long gone. */
function hostOfKey(key: string): string {
  const host = key
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "")
    .toLowerCase();
  return /^(?:index\.)?docker\.io$/.test(host) ? dockerHub : host;
}

function fromEntry(entry: unknown): Credentials | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { auth, username, password, identitytoken } = entry as Record<string, unknown>;
  if (typeof identitytoken === "string" && identitytoken !== "") return { identityToken: identitytoken };
  if (typeof auth === "string" && auth !== "") {
    const decoded = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
    const colon = decoded.indexOf(":");
    if (colon > 0) return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  }
  if (typeof username === "string" && typeof password === "string") return { username, password };
  return undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** `auths` of Docker's config.json. Helpers are programs that we do not run; a notice says so. */
function fromDockerConfig(options: CredentialOptions): Map<string, Credentials> {
  const { env, logger } = options;
  const folder = env.DOCKER_CONFIG || ((env.HOME ?? env.USERPROFILE) ? `${env.HOME ?? env.USERPROFILE}/.docker` : "");
  const found = new Map<string, Credentials>();
  if (folder === "") return found;
  const path = `${folder}/config.json`;
  const text = options.readFile(path);
  if (text === undefined) return found;
  let config: Record<string, unknown>;
  try {
    config = record(JSON.parse(text));
  } catch {
    // The parser's message quotes the text, which holds passwords: it is left out on purpose.
    throw new UserError("registry/docker-config", `${path} is not JSON.`, {
      fix: "Log in again with 'docker login', or point DOCKER_CONFIG at another folder.",
    });
  }
  for (const [key, entry] of Object.entries(record(config.auths))) {
    const credentials = fromEntry(entry);
    if (credentials !== undefined) found.set(hostOfKey(key), credentials);
  }
  const helpers = Object.keys(record(config.credHelpers)).map(hostOfKey);
  const ignored = [...helpers, ...(typeof config.credsStore === "string" ? ["credsStore"] : [])];
  if (ignored.length > 0) {
    logger.notice(
      `${path}: credential helpers are not run (${ignored.join(", ")}). ` +
        "For a private image log in with a user and password or token, which Docker keeps under 'auths'.",
    );
  }
  return found;
}

/** The registry that belongs to where the run happens, with the token the run has anyway. */
function fromHost({ env, token }: CredentialOptions): Map<string, Credentials> {
  const found = new Map<string, Credentials>();
  const own = token || env.GITHUB_TOKEN;
  const username = env.GITHUB_ACTOR || "x-access-token";
  if (env.GITLAB_CI === "true") {
    const password = env.CI_REGISTRY_PASSWORD || env.CI_JOB_TOKEN;
    const user = env.CI_REGISTRY_PASSWORD ? (env.CI_REGISTRY_USER ?? "gitlab-ci-token") : "gitlab-ci-token";
    if (env.CI_REGISTRY && password) {
      const onlyAt = URL.canParse(env.CI_SERVER_URL ?? "") ? [new URL(env.CI_SERVER_URL ?? "").host] : [];
      found.set(env.CI_REGISTRY.toLowerCase(), { username: user, password, onlyAt });
    }
  } else if (env.GITEA_ACTIONS === "true" || env.FORGEJO_ACTIONS === "true") {
    if (own && env.GITHUB_SERVER_URL)
      found.set(hostOfKey(env.GITHUB_SERVER_URL), { username, password: own, onlyAt: [] });
  } else if (
    env.GITHUB_ACTIONS === "true" &&
    own &&
    (env.GITHUB_SERVER_URL ?? "https://github.com") === "https://github.com"
  ) {
    found.set("ghcr.io", { username, password: own, onlyAt: [] });
  }
  return found;
}

/**
 * Docker's config first, since somebody logged in there on purpose; then the forge's own registry. Nothing is read
 * before a registry asks: a run that asks none does not depend on it.
 * @returns a store that throws UserError `registry/docker-config`
 */
export function readCredentials(options: CredentialOptions): CredentialStore {
  let stores: Map<string, Credentials>[] | undefined;
  return (host) => {
    stores ??= [fromDockerConfig(options), fromHost(options)];
    return stores.map((store) => store.get(host)).find((credentials) => credentials !== undefined);
  };
}
