import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Digest } from "@glu/core";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const chartType = "application/vnd.cncf.helm.config.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";

/** What an image says of itself. */
export interface PushedImage {
  created?: string;
  revision?: string;
  /** Makes images differ that would be equal. */
  salt?: string;
  /** Pushes an index of so many platforms and an attestation. */
  platforms?: number;
  annotations?: Record<string, string>;
  /** A Helm chart: its Chart.yaml, which is the configuration then. */
  chart?: Record<string, string>;
}

interface Repository {
  tags: Map<string, Digest>;
  manifests: Map<Digest, { type: string; body: Buffer }>;
  blobs: Map<Digest, Buffer>;
}

const digestOf = (content: Buffer): Digest => `sha256:${createHash("sha256").update(content).digest("hex")}` as Digest;

/**
 * A registry in memory, as the OCI distribution spec has it, on loopback; read only over HTTP. It lists tags in lexical
 * order, page after page, refuses a manifest of a type that is not accepted, and with a token asks for one that was given
 * for this repository. It keeps what it was asked.
 */
export class RegistryServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #repositories = new Map<string, Repository>();
  /** `HEAD /v2/acme/web/manifests/1.0.0`, in the order of asking; token requests too. */
  asked: string[] = [];
  /** The `Authorization` of each request that had one. */
  authorizations: string[] = [];
  /** How many answers said that nothing has changed. */
  unchanged = 0;
  /** Tags in one answer, whatever is asked for. */
  pageSize = 1000;
  /** Whether lists of tags have a name, by which they can be asked for on condition. */
  etags = false;
  /** Answers with this status to everything. */
  broken: number | undefined;
  /** Whether a token is asked for, and which login gets one. */
  login: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => this.#answer(request, response));
  }

  static async start(): Promise<RegistryServer> {
    const registry = new RegistryServer(createServer());
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** Host and port, which images' names begin with. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Pushes an image under a tag. @returns the digest that the tag points to */
  push(name: string, tag: string, image: PushedImage = {}): Digest {
    const repository = this.#repository(name);
    const platforms = Array.from({ length: image.platforms ?? 1 }, (_, at) => this.#manifest(repository, image, at));
    const [only] = platforms;
    const digest = image.platforms === undefined && only !== undefined ? only : this.#index(repository, platforms);
    repository.tags.set(tag, digest);
    return digest;
  }

  untag(name: string, tag: string): void {
    this.#repository(name).tags.delete(tag);
  }

  /** Changes the bytes of a manifest or blob and leaves its digest as it is. */
  tamper(name: string, digest: Digest): void {
    const { manifests, blobs } = this.#repository(name);
    const manifest = manifests.get(digest);
    if (manifest !== undefined) manifests.set(digest, { ...manifest, body: Buffer.from(`${manifest.body} `) });
    else blobs.set(digest, Buffer.from("{} "));
  }

  #repository(name: string): Repository {
    const known = this.#repositories.get(name) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
    this.#repositories.set(name, known);
    return known;
  }

  #manifest(
    { manifests, blobs }: Repository,
    { created, revision, salt, annotations, chart }: PushedImage,
    at: number,
  ): Digest {
    const labels = revision === undefined ? {} : { "org.opencontainers.image.revision": revision };
    const config = Buffer.from(
      JSON.stringify(
        chart ?? { created, architecture: `arch${at}`, os: "linux", config: { Labels: { ...labels, salt } } },
      ),
    );
    blobs.set(digestOf(config), config);
    const body = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: {
          mediaType: chart === undefined ? configType : chartType,
          digest: digestOf(config),
          size: config.length,
        },
        layers: [],
        annotations,
      }),
    );
    manifests.set(digestOf(body), { type: manifestType, body });
    return digestOf(body);
  }

  #index({ manifests }: Repository, platforms: readonly Digest[]): Digest {
    const entry = (digest: Digest, platform: object) => ({
      mediaType: manifestType,
      digest,
      size: manifests.get(digest)?.body.length ?? 0,
      platform,
    });
    const [first] = platforms;
    const body = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: indexType,
        manifests: [
          // As buildkit puts attestations beside the platforms.
          ...(first === undefined ? [] : [entry(first, { architecture: "unknown", os: "unknown" })]),
          ...platforms.map((digest, at) => entry(digest, { architecture: `arch${at}`, os: "linux" })),
        ],
      }),
    );
    manifests.set(digestOf(body), { type: indexType, body });
    return digestOf(body);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", `http://${this.host}`);
    this.asked.push(`${request.method} ${request.url}`);
    if (request.headers.authorization !== undefined) this.authorizations.push(request.headers.authorization);
    const fail = (status: number, code: string) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ errors: [{ code }] }));
    if (this.broken !== undefined) return void fail(this.broken, "UNAVAILABLE");
    if (url.pathname === "/token") return this.#giveToken(request, url, response);
    const [, name = "", kind = "", reference = ""] =
      /^\/v2\/(.+?)\/(manifests|blobs|tags)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (request.method !== "GET" && request.method !== "HEAD") return void fail(405, "UNSUPPORTED");
    if (this.login !== undefined && request.headers.authorization !== `Bearer pull-${name}`) {
      const realm = `Bearer realm="http://${this.host}/token",service="fake",scope="repository:${name}:pull"`;
      response.setHeader("www-authenticate", realm);
      return void fail(401, "UNAUTHORIZED");
    }
    const repository = this.#repositories.get(name);
    if (repository === undefined) return void fail(404, "NAME_UNKNOWN");
    if (kind === "tags" && reference === "list") return this.#list(name, repository, url, request, response);
    if (kind === "blobs") {
      const blob = repository.blobs.get(reference as Digest);
      if (blob === undefined) return void fail(404, "BLOB_UNKNOWN");
      return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(blob);
    }
    const digest = repository.tags.get(reference) ?? (reference as Digest);
    const manifest = repository.manifests.get(digest);
    const accepted = (request.headers.accept ?? "").split(/,\s*/);
    if (manifest === undefined || !accepted.includes(manifest.type)) return void fail(404, "MANIFEST_UNKNOWN");
    response.writeHead(200, { "content-type": manifest.type, "docker-content-digest": digest });
    response.end(request.method === "HEAD" ? undefined : manifest.body);
  }

  #giveToken(request: IncomingMessage, url: URL, response: ServerResponse): void {
    const basic = `Basic ${Buffer.from(this.login ?? "").toString("base64")}`;
    const [, name, actions] = (url.searchParams.get("scope") ?? "").split(":");
    const allowed = request.headers.authorization === basic && actions === "pull";
    if (!allowed) return void response.writeHead(401).end();
    response.end(JSON.stringify({ token: `pull-${name}` }));
  }

  #list(name: string, { tags }: Repository, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const wanted = Number(url.searchParams.get("n") ?? this.pageSize);
    const last = url.searchParams.get("last") ?? "";
    const left = [...tags.keys()].sort().filter((tag) => tag > last);
    const page = left.slice(0, Math.min(wanted, this.pageSize));
    const next = new URLSearchParams({ last: page.at(-1) ?? "", n: String(wanted) });
    if (page.length < left.length) response.setHeader("link", `</v2/${name}/tags/list?${next}>; rel="next"`);
    const body = JSON.stringify({ name, tags: page });
    const etag = `"${createHash("sha256").update(body).digest("hex")}"`;
    if (this.etags) response.setHeader("etag", etag);
    if (this.etags && request.headers["if-none-match"] === etag) {
      // As RFC 9110 has it (15.4.5): no Link where nothing has changed.
      response.removeHeader("link");
      this.unchanged++;
      return void response.writeHead(304).end();
    }
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
