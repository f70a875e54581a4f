import { execFile, execFileSync } from "node:child_process";
import { createHash, createSign, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DockerRegistry } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Credentials } from "./credentials.ts";
import { createImageCatalog } from "./image-catalog.ts";
import { createRegistry } from "./registry.ts";

const clock = { now: () => Date.now(), random: () => 0, sleep: (ms: number) => sleep(Math.min(ms, 50)) };
const connect = (store: Record<string, Credentials> = {}) =>
  createRegistry({ credentials: (host) => store[host], clock });

const catalog = (store: Record<string, Credentials> = {}) =>
  createImageCatalog({ credentials: (host) => store[host], clock });

const folder = mkdtempSync(join(tmpdir(), "glu-registry-"));
const registries: DockerRegistry[] = [];
const servers: Server[] = [];

/** Starts a real registry; `auth` is its configuration's `auth:` block. */
async function startRegistry(auth = ""): Promise<string> {
  const registry = await DockerRegistry.start(auth);
  registries.push(registry);
  return registry.host;
}

const sha = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

const created = "2026-01-02T03:04:05Z";
const revision = "c".repeat(40);
const facts = { createdAt: "2026-01-02T03:04:05.000Z", revision };

/** An OCI layout with one image of no layers, for skopeo to push. */
function layout(): { path: string; digest: string } {
  const path = join(folder, "layout");
  const blobs = join(path, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (content: string) => {
    writeFileSync(join(blobs, sha(content)), content);
    return { digest: `sha256:${sha(content)}`, size: Buffer.byteLength(content) };
  };
  const says = { created, config: { Labels: { "org.opencontainers.image.revision": revision } } };
  const rootfs = { type: "layers", diff_ids: [] };
  const config = put(JSON.stringify({ architecture: "amd64", os: "linux", rootfs, ...says }));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = put(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: [],
    }),
  );
  const descriptor = { mediaType, ...manifest, annotations: { "org.opencontainers.image.ref.name": "v1" } };
  writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  writeFileSync(join(path, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  return { path, digest: manifest.digest };
}

/** Not synchronous: the token server that skopeo asks lives in this process. */
async function push(image: { path: string }, to: string, login?: string): Promise<void> {
  const auth = login === undefined ? ["--dest-no-creds"] : ["--dest-creds", login];
  const policy = join(folder, "policy.json");
  writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
  const args = ["--policy", policy, "copy", "-q", "--dest-tls-verify=false", ...auth];
  await promisify(execFile)("skopeo", [...args, `oci:${image.path}:v1`, `docker://${to}`], { timeout: 30_000 });
}

afterAll(async () => {
  for (const registry of registries) await registry[Symbol.asyncDispose]();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a real registry", () => {
  const image = layout();

  describe("that is open to all", () => {
    let host = "";
    beforeAll(async () => {
      host = await startRegistry();
      await push(image, `${host}/acme/web:v1`);
    });

    it("resolves a tag to the digest that was pushed", async () => {
      await expect(connect().resolve(`${host}/acme/web`, "v1")).resolves.toBe(image.digest);
    });

    it("resolves an index to the index's own digest, not that of a platform", async () => {
      const mediaType = "application/vnd.oci.image.index.v1+json";
      const platform = { architecture: "amd64", os: "linux" };
      const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: image.digest, platform };
      const size = Number(
        (await fetch(`http://${host}/v2/acme/web/manifests/v1`, { headers: { accept: entry.mediaType } })).headers.get(
          "content-length",
        ),
      );
      const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [{ ...entry, size }] });
      const put = await fetch(`http://${host}/v2/acme/web/manifests/multi`, {
        method: "PUT",
        headers: { "content-type": mediaType },
        body: index,
      });
      expect(put.status).toBe(201);
      await expect(connect().resolve(`${host}/acme/web`, "multi")).resolves.toBe(`sha256:${sha(index)}`);
    });

    it("lists the tags of an image, and says what it was built from, by its index too", async () => {
      for (const tag of ["v2", "v10"]) await push(image, `${host}/acme/web:${tag}`);
      const images = catalog();
      expect(await images.tags(`${host}/acme/web`)).toEqual(expect.arrayContaining(["v1", "v2", "v10", "multi"]));
      for (const tag of ["v10", "multi"]) {
        const digest = await images.resolve(`${host}/acme/web`, tag);
        expect(await images.facts(`${host}/acme/web`, digest)).toEqual(facts);
      }
      await expect(images.tags(`${host}/acme/nope`)).rejects.toMatchObject({ code: "registry/not-found" });
    });

    it("tells a missing tag from a missing image", async () => {
      for (const [name, tag] of [
        ["acme/web", "nope"],
        ["acme/nope", "v1"],
      ] as const) {
        await expect(connect().resolve(`${host}/${name}`, tag)).rejects.toMatchObject({ code: "registry/not-found" });
      }
    });
  });

  describe("with passwords in htpasswd", () => {
    let host = "";
    beforeAll(async () => {
      const file = join(folder, "htpasswd");
      // What `htpasswd -nbB me pass` prints: the registry takes bcrypt only.
      writeFileSync(file, "me:$2y$05$bl5Bc/tlPC5FXCMjk3n6P.k6atSklzLRf4u06W8rgZtGYknFWe10C\n");
      host = await startRegistry(`auth: {htpasswd: {realm: r, path: ${file}}}\n`);
      await push(image, `${host}/acme/web:v1`, "me:pass");
    });

    it("resolves with the right password only", async () => {
      const right = connect({ [host]: { username: "me", password: "pass" } });
      await expect(right.resolve(`${host}/acme/web`, "v1")).resolves.toBe(image.digest);
      const wrong = connect({ [host]: { username: "me", password: "word" } });
      for (const registry of [wrong, connect()]) {
        await expect(registry.resolve(`${host}/acme/web`, "v1")).rejects.toMatchObject({
          code: "registry/unauthorised",
        });
      }
    });
  });

  describe("with a token server", () => {
    let host = "";
    const asked: URLSearchParams[] = [];
    beforeAll(async () => {
      const { sign, bundle } = issuer();
      const server = createServer((request, response) => {
        const query = new URL(request.url ?? "", "http://x").searchParams;
        asked.push(query);
        const basic = request.headers.authorization === `Basic ${Buffer.from("me:pass").toString("base64")}`;
        const [type, name, actions] = (query.get("scope") ?? "").split(":");
        // Anonymous callers may pull what is public; `me` may do everything.
        const granted = basic ? actions?.split(",") : name === "acme/public" ? ["pull"] : [];
        if (request.headers.authorization !== undefined && !basic) return response.writeHead(401).end();
        const access = type ? [{ type, name, actions: granted }] : [];
        return response.end(JSON.stringify({ token: sign({ aud: query.get("service"), access }) }));
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      const token = `{realm: "${realm}", service: "the registry", issuer: glu, rootcertbundle: ${bundle}}`;
      host = await startRegistry(`auth: {token: ${token}}\n`);
      for (const name of ["acme/web", "acme/public"]) await push(image, `${host}/${name}:v1`, "me:pass");
    });

    it("resolves anonymously what is public, and nothing else", async () => {
      await expect(connect().resolve(`${host}/acme/public`, "v1")).resolves.toBe(image.digest);
      await expect(connect().resolve(`${host}/acme/web`, "v1")).rejects.toMatchObject({
        code: "registry/unauthorised",
      });
    });

    it("lists tags and reads an image with the one token that allows it", async () => {
      asked.length = 0;
      const images = catalog({ [host]: { username: "me", password: "pass" } });
      expect(await images.tags(`${host}/acme/web`)).toEqual(["v1"]);
      const digest = await images.resolve(`${host}/acme/web`, "v1");
      expect(await images.facts(`${host}/acme/web`, digest)).toEqual(facts);
      expect(asked).toHaveLength(1);
      await expect(catalog().tags(`${host}/acme/web`)).rejects.toMatchObject({ code: "registry/unauthorised" });
    });

    it("resolves with a login, and asks for no more than to pull", async () => {
      asked.length = 0;
      const registry = connect({ [host]: { username: "me", password: "pass" } });
      await expect(registry.resolve(`${host}/acme/web`, "v1")).resolves.toBe(image.digest);
      expect(asked).toHaveLength(1);
      expect(asked[0]?.get("scope")).toBe("repository:acme/web:pull");
    });

    it("refuses a wrong login", async () => {
      const registry = connect({ [host]: { username: "me", password: "word" } });
      await expect(registry.resolve(`${host}/acme/web`, "v1")).rejects.toMatchObject({ code: "registry/unauthorised" });
    });
  });
});

/** Signs registry tokens with a certificate made on the spot by openssl. */
function issuer() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = join(folder, "key.pem");
  const bundle = join(folder, "cert.pem");
  writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }));
  const subject = ["-subj", "/CN=glu", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", "-new", "-key", key, "-out", bundle, ...subject], { stdio: "pipe" });
  const x5c = [new X509Certificate(readFileSync(bundle)).raw.toString("base64")];
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = (claims: Record<string, unknown>) => {
    const now = Math.floor(Date.now() / 1000);
    const times = {
      iss: "glu",
      sub: "me",
      nbf: now - 10,
      iat: now,
      exp: now + 60,
      jti: randomBytes(8).toString("hex"),
    };
    const body = `${encode({ alg: "RS256", typ: "JWT", x5c })}.${encode({ ...times, ...claims })}`;
    return `${body}.${createSign("RSA-SHA256").update(body).sign(privateKey).toString("base64url")}`;
  };
  return { sign, bundle };
}
