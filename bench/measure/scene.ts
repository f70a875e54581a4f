import { GitServer } from "@glu/testing/internal";
import { type Link, SlowLink } from "../network/slow-link.ts";
import { RepositoryCopy } from "../repositories/copy.ts";

/** What went over the network. Bytes with HTTP's headers. */
export interface Traffic {
  requests: number;
  connections: number;
  received: number;
  sent: number;
  pushes: number;
}

/** A config repository as it was generated, on a Git server behind a slow link. */
export class Scene implements AsyncDisposable {
  readonly repository: RepositoryCopy;
  readonly link: SlowLink;
  readonly #server: GitServer;

  private constructor(repository: RepositoryCopy, server: GitServer, link: SlowLink) {
    this.repository = repository;
    this.link = link;
    this.#server = server;
  }

  /** @param base a bare repository, which stays as it is */
  static async open(base: string, link: Link): Promise<Scene> {
    const repository = new RepositoryCopy(base);
    const server = await GitServer.start(repository.root);
    return new Scene(repository, server, await SlowLink.start(Number(new URL(server.origin).port), link));
  }

  get url(): string {
    return `${this.link.origin}/${this.repository.name}`;
  }

  traffic(): Traffic {
    const { connections, received, sent } = this.link;
    const pushes = this.#server.requests.filter(
      ({ method, url }) => method === "POST" && url.endsWith("/git-receive-pack"),
    ).length;
    return { requests: this.#server.requests.length, connections, received, sent, pushes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    this.repository[Symbol.dispose]();
  }
}
