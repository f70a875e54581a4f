import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Credentials } from "./credentials.ts";
import { resolveImage } from "./image.ts";
import { createRegistry, manifestTypes } from "./registry.ts";

const manifest = JSON.stringify({ schemaVersion: 2, mediaType: manifestTypes[0], manifests: [] });
const manifestDigest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
const otherDigest = `sha256:${"b".repeat(64)}`;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A loopback server that keeps what it was asked. */
async function serve(handler: Handler): Promise<{ host: string; asked: string[]; seen: IncomingMessage[] }> {
  const asked: string[] = [];
  const seen: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    seen.push(request);
    let body = "";
    for await (const chunk of request) body += chunk;
    handler(request, response, body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, seen };
}

/** Serves the manifest as the spec says, and nothing that a registry would not. */
const strict: Handler = (request, response) => {
  const accept = (request.headers.accept ?? "").split(/,\s*/);
  if (!manifestTypes.every((type) => accept.includes(type))) {
    response
      .writeHead(404)
      .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"OCI index found, but not accepted"}]}');
  } else if (request.url !== "/v2/acme/web/manifests/1.2.3") {
    const code = request.url?.startsWith("/v2/acme/web/") ? "MANIFEST_UNKNOWN" : "NAME_UNKNOWN";
    response.writeHead(404, { "content-type": "application/json" }).end(`{"errors":[{"code":"${code}"}]}`);
  } else {
    response.writeHead(200, { "content-type": manifestTypes[0], "docker-content-digest": manifestDigest });
    response.end(request.method === "HEAD" ? undefined : manifest);
  }
};

function connect(credentials: Record<string, Credentials> = {}, timeout = 2000) {
  const slept: number[] = [];
  const clock = { now: () => Date.now(), random: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  return { registry: createRegistry({ credentials: (host) => credentials[host], clock, timeout }), slept };
}

describe("a tag", () => {
  it("is resolved with one HEAD", async () => {
    const { host, asked } = await serve(strict);
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(asked).toEqual(["HEAD /v2/acme/web/manifests/1.2.3"]);
  });

  it("is resolved by the bytes when the registry knows no HEAD", async () => {
    const { host } = await serve((request, response, body) =>
      request.method === "HEAD" ? response.writeHead(405).end() : strict(request, response, body),
    );
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
  });

  it("is resolved by the bytes when the registry names no digest", async () => {
    const { host } = await serve((request, response) => {
      response.writeHead(200, { "content-type": `${manifestTypes[1]}; charset=utf-8` });
      response.end(request.method === "HEAD" ? undefined : manifest);
    });
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
  });

  it("is not resolved when the bytes are not those of the header", async () => {
    const { host } = await serve((request, response) => {
      if (request.method === "HEAD") return response.writeHead(405).end();
      return response
        .writeHead(200, { "content-type": manifestTypes[0], "docker-content-digest": otherDigest })
        .end(manifest);
    });
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toMatchObject({
      code: "registry/digest-mismatch",
    });
  });

  it("that does not exist is told from a name that does not", async () => {
    const { host } = await serve(strict);
    const { registry } = connect();
    await expect(registry.resolve(`${host}/acme/web`, "9")).rejects.toMatchObject({
      code: "registry/not-found",
      fix: expect.stringContaining("Check the tag"),
    });
    await expect(registry.resolve(`${host}/acme/wob`, "1.2.3")).rejects.toMatchObject({
      code: "registry/not-found",
      fix: expect.stringContaining("no image of this name"),
    });
  });

  it("of an old manifest without a stable digest is refused", async () => {
    const { host } = await serve((_, response) => {
      response.writeHead(200, {
        "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "docker-content-digest": otherDigest,
      });
      response.end();
    });
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toMatchObject({
      code: "registry/unexpected",
    });
  });

  it("is never spliced into a path unchecked", async () => {
    const { host, asked } = await serve(strict);
    const { registry } = connect();
    for (const [name, tag] of [
      ["acme/web", "../../x"],
      ["acme/../web", "1"],
      ["acme/web", `1@${otherDigest}`],
      ["acme/web:1", "2"],
    ] as const) {
      await expect(registry.resolve(`${host}/${name}`, tag)).rejects.toMatchObject({ code: "input/image" });
    }
    expect(asked).toEqual([]);
  });
});

describe("a login", () => {
  const me = { username: "me", password: "pä:ss" };

  it("by name and password is shown only after the registry asks for it", async () => {
    const { host, seen } = await serve((request, response, body) => {
      const expected = `Basic ${Buffer.from("me:pä:ss").toString("base64")}`;
      if (request.headers.authorization === expected) return strict(request, response, body);
      return response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    await expect(connect({ [host]: me }).registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true]);
  });

  it("that is missing or wrong is an error that names the image and no secret", async () => {
    const { host } = await serve((_, response) =>
      response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
    );
    for (const credentials of [{}, { [host]: me }]) {
      const error = await connect(credentials)
        .registry.resolve(`${host}/acme/web`, "1.2.3")
        .catch((thrown) => thrown);
      expect(error).toMatchObject({ code: "registry/unauthorised", fix: expect.stringContaining("docker login") });
      expect(JSON.stringify({ ...error, message: error.message })).not.toContain("pä:ss");
    }
  });

  /** A registry and a token server that hands out tokens for `me`, or to everybody. */
  async function bearer(open: boolean, realm?: string) {
    const tokens = await serve((request, response, body) => {
      const url = new URL(request.url ?? "", "http://x");
      const form = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
      const basic = `Basic ${Buffer.from("me:pä:ss").toString("base64")}`;
      const allowed = open || request.headers.authorization === basic || form.get("refresh_token") === "refresh";
      const right = form.get("service") === "s p" && form.get("scope") === "repository:acme/web:pull";
      if (!allowed || !right) return response.writeHead(401).end("{}");
      return response.end(JSON.stringify(request.method === "POST" ? { access_token: "tok" } : { token: "tok" }));
    });
    const registry = await serve((request, response, body) => {
      if (request.headers.authorization === "Bearer tok") return strict(request, response, body);
      const where = realm ?? `http://${tokens.host}/token?a=b`;
      const challenge = `Bearer realm="${where}",service="s p",scope="repository:acme/web:pull,push"`;
      return response.writeHead(401, { "www-authenticate": challenge }).end();
    });
    return { tokens, registry };
  }

  it("by token works anonymously and asks for reading only", async () => {
    const { tokens, registry } = await bearer(true);
    const name = `${registry.host}/acme/web`;
    await expect(connect().registry.resolve(name, "1.2.3")).resolves.toBe(manifestDigest);
    expect(tokens.asked).toEqual(["GET /token?a=b&service=s+p&scope=repository%3Aacme%2Fweb%3Apull"]);
  });

  it("by token that is refused is left out: a public image needs none", async () => {
    for (const [refusal, at] of [
      [401, "token server"],
      [401, "registry"],
      [403, "registry"],
    ] as const) {
      const server = await serve((request, response, body) => {
        if (request.url?.startsWith("/token")) {
          const stale = request.headers.authorization !== undefined;
          if (stale && at === "token server") return void response.writeHead(refusal).end();
          return void response.end(JSON.stringify({ token: stale ? "stale" : "public" }));
        }
        const given = request.headers.authorization;
        if (given === "Bearer public") return strict(request, response, body);
        if (given === "Bearer stale") return void response.writeHead(refusal).end();
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token"` }).end();
      });
      const { registry } = connect({ [server.host]: { username: "me", password: "old" } });
      expect(await registry.resolve(`${server.host}/acme/web`, "1.2.3"), at).toBe(manifestDigest);
    }
  });

  it("by token shows the password to the token server only", async () => {
    const { tokens, registry } = await bearer(false);
    const connection = connect({ [registry.host]: me });
    await expect(connection.registry.resolve(`${registry.host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(tokens.seen[0]?.headers.authorization).toMatch(/^Basic /);
    expect(registry.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer tok"]);
    expect(tokens.asked.join()).not.toContain("p%C3%A4");
  });

  it("by token is kept for the next image of the repository", async () => {
    const { tokens, registry } = await bearer(true);
    const connection = connect();
    await connection.registry.resolve(`${registry.host}/acme/web`, "1.2.3");
    await connection.registry.resolve(`${registry.host}/acme/web`, "1.2.3");
    expect(tokens.asked).toHaveLength(1);
  });

  it("by identity token goes in the body, not the URL", async () => {
    const { tokens, registry } = await bearer(false);
    const connection = connect({ [registry.host]: { identityToken: "refresh" } });
    await expect(connection.registry.resolve(`${registry.host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(tokens.asked).toEqual(["POST /token?a=b"]);
  });

  it("that the token server refuses is an error", async () => {
    const { registry } = await bearer(false);
    await expect(connect().registry.resolve(`${registry.host}/acme/web`, "1.2.3")).rejects.toMatchObject({
      code: "registry/unauthorised",
    });
  });

  it("that a job has anyway is not shown to a token server elsewhere; what is public is read without it", async () => {
    const { tokens, registry } = await bearer(false);
    const name = `${registry.host}/acme/web`;
    await expect(
      connect({ [registry.host]: { ...me, onlyAt: [] } }).registry.resolve(name, "1.2.3"),
    ).rejects.toMatchObject({ code: "registry/unauthorised", seen: tokens.host });
    expect(tokens.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    const allowed = connect({ [registry.host]: { ...me, onlyAt: [tokens.host] } });
    await expect(allowed.registry.resolve(name, "1.2.3")).resolves.toBe(manifestDigest);
  });

  it.each(["http://tokens.example/token", "file:///etc/passwd", "https://u:p@tokens.example", "nonsense", ""])(
    "is not sent to the token server %j",
    async (realm) => {
      const { registry } = await bearer(true, realm);
      await expect(
        connect({ [registry.host]: me }).registry.resolve(`${registry.host}/acme/web`, "1.2.3"),
      ).rejects.toMatchObject({ code: "registry/unauthorised", message: expect.stringContaining("no token server") });
    },
  );
});

describe("a redirect", () => {
  const me = { username: "me", password: "secret" };
  const asking = (to: () => string): Handler => {
    return (request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end()
        : response.writeHead(307, { location: to() }).end();
  };

  it("to another host is followed without the login", async () => {
    const storage = await serve(strict);
    const { host } = await serve(asking(() => `http://${storage.host}/v2/acme/web/manifests/1.2.3`));
    await expect(connect({ [host]: me }).registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(storage.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("on the same host keeps the login", async () => {
    const { host, seen } = await serve((request, response, body) => {
      if (request.url?.includes("other") && request.headers.authorization) {
        request.url = "/v2/acme/web/manifests/1.2.3";
        return strict(request, response, body);
      }
      return asking(() => "/other")(request, response, body);
    });
    await expect(connect({ [host]: me }).registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(seen).toHaveLength(3);
  });

  it("in circles, to nowhere or to another protocol is an error", async () => {
    for (const location of ["/v2/loop", "http://", "file:///etc/passwd"]) {
      const { host, asked } = await serve((_, response) => response.writeHead(307, { location }).end());
      await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toMatchObject({
        code: "registry/unreachable",
      });
      expect(asked.length).toBeLessThan(8);
    }
  });
});

describe("a registry in trouble", () => {
  it("is asked again when it says", async () => {
    let left = 3;
    const { host } = await serve((request, response, body) => {
      left -= 1;
      if (left === 2) return response.writeHead(429, { "retry-after": "7" }).end();
      return left === 1 ? response.writeHead(503).end() : strict(request, response, body);
    });
    const { registry, slept } = connect();
    await expect(registry.resolve(`${host}/acme/web`, "1.2.3")).resolves.toBe(manifestDigest);
    expect(slept).toEqual([7000, 500]);
  });

  it("is not waited for longer than is reasonable", async () => {
    const { host, asked } = await serve((_, response) => response.writeHead(429, { "retry-after": "21600" }).end());
    const { registry, slept } = connect();
    await expect(registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toMatchObject({
      code: "registry/unreachable",
      fix: expect.stringContaining("Log in"),
    });
    expect([slept, asked.length]).toEqual([[], 1]);
  });

  it("that does not answer in time is unreachable", async () => {
    const { host } = await serve(() => {});
    const { registry } = connect({}, 50);
    await expect(registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toMatchObject({
      code: "registry/unreachable",
      message: expect.stringContaining("in time"),
      exitCode: 4,
    });
  });

  it("that is not there is unreachable, with the reason", async () => {
    const { registry, slept } = connect();
    await expect(registry.resolve("127.0.0.1:1/acme/web", "1.2.3")).rejects.toMatchObject({
      code: "registry/unreachable",
    });
    expect(slept.length).toBe(4);
  });

  it("that sends without end is cut off", async () => {
    const { host } = await serve((request, response) => {
      if (request.method === "HEAD") return response.writeHead(405).end();
      return response.writeHead(200, { "content-type": manifestTypes[0] }).end(Buffer.alloc(5 * 1024 * 1024));
    });
    await expect(connect().registry.resolve(`${host}/acme/web`, "1.2.3")).rejects.toThrow("larger than 4 MiB");
  });
});

describe("an artifact's image", () => {
  it("has the tag and the digest in its ref", async () => {
    const registry = { resolve: async () => otherDigest as never };
    const tagged = { name: "ghcr.io/acme/web", tag: "1", digest: undefined };
    await expect(resolveImage(tagged, registry)).resolves.toEqual({
      name: "ghcr.io/acme/web",
      tag: "1",
      digest: otherDigest,
      ref: `ghcr.io/acme/web:1@${otherDigest}`,
    });
  });

  it("with a digest is taken as it is, without the registry", async () => {
    const registry = { resolve: async () => expect.unreachable() };
    const pinned = { name: "nginx", tag: undefined, digest: manifestDigest as never };
    await expect(resolveImage(pinned, registry)).resolves.toEqual({
      name: "nginx",
      digest: manifestDigest,
      ref: `nginx@${manifestDigest}`,
    });
  });
});
