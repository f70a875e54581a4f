import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { GithubServer, GitlabServer, GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { artifactOf } from "../product/config-world.ts";
import { execute } from "./process.ts";
import { root, Sandbox } from "./sandbox.ts";

// Needs openssl. The built product at a terminal, and a company's own forge: its name is known to a proxy alone, and its
// certificate is of an authority that nobody else trusts.
const host = "git.acme.test";
const sandbox = new Sandbox();
const [key, cert] = [join(sandbox.folder, "key.pem"), join(sandbox.folder, "cert.pem")];

beforeAll(() => {
  const args = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${host} -addext subjectAltName=DNS:${host}`;
  writeFileSync(artifact, JSON.stringify(artifactOf("web", 1)));
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
});
afterAll(() => sandbox[Symbol.dispose]());

/** The forge behind TLS, and the proxy that alone knows where it is. @param to where a path is asked, and as what */
async function start(to: (path: string) => { origin: string; path: string }) {
  const tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, response) => {
    const { origin, path } = to(incoming.url ?? "");
    const { method, headers } = incoming;
    const forwarded = request(`${origin}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(forwarded);
  });
  const asked: string[] = [];
  const proxy = createHttpServer((_, response) => response.writeHead(502).end());
  proxy.on("connect", ({ url = "", headers }, client) => {
    asked.push(`${url} ${headers["proxy-authorization"] ?? ""}`);
    if (url !== `${host}:443`) return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const there = connect((tls.address() as AddressInfo).port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(there).pipe(client);
    });
    for (const socket of [client, there]) socket.on("error", () => void [client, there].map((one) => one.destroy()));
  });
  for (const server of [tls, proxy]) await once(server.listen(0, "127.0.0.1"), "listening");
  const way = {
    NODE_EXTRA_CA_CERTS: cert,
    https_proxy: `http://robot:s3cret-word@127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  };
  return {
    asked,
    glu: (env: Record<string, string>, ...args: string[]) =>
      execute("node", [join(root, "dist/glu.js"), ...args, "--output", "json"], {
        cwd: sandbox.folder,
        env: { ...sandbox.environment, ...way, ...env },
      }),
    async [Symbol.asyncDispose]() {
      for (const server of [tls, proxy]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const config = `version: 1
environments: { production: { propose: true } }
apps:
  web:
    images: { web: ghcr.io/acme/web }
    write: [{ yaml: "web.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
`;
const files = { "glu.yaml": config, "web.yaml": "image: { tag: 0.9.0 } # ours\n" };

const artifact = join(sandbox.folder, "artifact.json");

async function serve(path: string, name: string): Promise<GitServer> {
  const folder = join(sandbox.folder, name);
  const link = join(folder, `${name}.git`);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(path, link);
  return GitServer.start(folder);
}

const promotion = ["promote", "--app", "web", "--environment", "production", "--artifact", artifact];

it("GitHub Enterprise Server is known by its address, and served by an App through a proxy", async () => {
  await using github = await GithubServer.start();
  const repository = github.repository("acme/config", files);
  await using git = await serve(repository.git.path, "acme/config");
  await using own = await start((path) => ({ origin: path.startsWith("/api/") ? github.apiUrl : git.origin, path }));
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const permissions = { contents: "write", metadata: "read", pull_requests: "write", statuses: "write" };
  github.apps.add({ id: "Iv1.x", slug: "acme-glu", publicKey, permissions, repositories: ["acme/config"] });
  const app = {
    GLU_APP_ID: "Iv1.x",
    GLU_APP_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
  const at = ["--config-repository", `https://${host}/acme/config.git`];
  const done = await own.glu(app, ...promotion, ...at);
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ result: "proposed" });
  expect(repository.pulls).toMatchObject([{ head: "glu/production/web", state: "open" }]);
  expect(repository.statuses).toMatchObject([{ context: "glu/production", state: "success" }]);
  // Each token is for one repository, has no more than it needs, and is gone.
  const tokens = github.apps.tokens;
  expect(tokens.length).toBeGreaterThan(0);
  expect(tokens.every(({ revoked }) => revoked)).toBe(true);
  const given = tokens.map(({ permissions: all }) => Object.keys(all).filter((name) => name !== "metadata"));
  expect(given).toContainEqual(["contents"]);
  expect(new Set(own.asked)).toEqual(new Set([`${host}:443 Basic ${btoa("robot:s3cret-word")}`]));
  expect(done.stderr + done.stdout).not.toContain("s3cret-word");
  const doctor = await own.glu(app, "doctor", ...at);
  expect(doctor.exitCode, doctor.stdout).toBe(0);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({ check: "identity", seen: expect.stringMatching(/^acme-glu\[bot\];/) }),
  );
  expect(github.violations).toEqual([]);
}, 120_000);

it("a self-managed GitLab below a path is named by its address, and served by a token through a proxy", async () => {
  await using gitlab = await GitlabServer.start();
  const bot = gitlab.user("project_3_bot", "maintainer");
  gitlab.repository.push("main", files);
  await using git = await serve(gitlab.repository.path, gitlab.project);
  await using own = await start((url) => {
    const path = url.replace(/^\/gitlab(?=\/)/, "");
    return { origin: path.startsWith("/api/") ? new URL(gitlab.apiUrl).origin : git.origin, path };
  });
  const named = { GLU_FORGE: "gitlab", GLU_SERVER_URL: `https://${host}/gitlab`, GLU_TOKEN: bot.token };
  const at = ["--config-repository", `https://${host}/gitlab/${gitlab.project}.git`];
  const done = await own.glu(named, ...promotion, ...at);
  expect(done.exitCode, done.stderr + done.stdout).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ result: "proposed" });
  expect(gitlab.requests.all).toMatchObject([{ source: "glu/production/web" }]);
  expect(gitlab.statuses.all.at(-1)).toMatchObject({ name: "glu/production", status: "success" });
  const doctor = await own.glu(named, "doctor", ...at);
  expect(doctor.exitCode, doctor.stdout).toBe(0);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({ check: "identity", seen: expect.stringMatching(/^project_3_bot;/) }),
  );
  expect(new Set(own.asked)).toEqual(new Set([`${host}:443 Basic ${btoa("robot:s3cret-word")}`]));
  expect(gitlab.unmodelled).toEqual([]);

  // Without the authority it is said what to do, and without the proxy nobody knows the name.
  const distrusted = await own.glu({ ...named, NODE_EXTRA_CA_CERTS: "" }, "doctor", ...at);
  expect(distrusted.exitCode).toBe(2);
  expect(distrusted.stdout).toContain("NODE_EXTRA_CA_CERTS");
}, 120_000);
