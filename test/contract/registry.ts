import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const type = "application/vnd.oci.image.manifest.v1+json";
const manifest = JSON.stringify({ schemaVersion: 2, mediaType: type, config: {}, layers: [] });

/** A registry on loopback that holds `acme/web:1.1.0` and refuses everything else. */
export class OneImageRegistry implements AsyncDisposable {
  readonly digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<OneImageRegistry> {
    const server = createServer(({ method, url }, response) => {
      const known = url === "/v2/acme/web/manifests/1.1.0" && (method === "HEAD" || method === "GET");
      if (known) response.writeHead(200, { "content-type": type }).end(manifest);
      else response.writeHead(404).end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new OneImageRegistry(server);
  }

  /** The name of the image, without a tag. */
  get name(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/acme/web`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
