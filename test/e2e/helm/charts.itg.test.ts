import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { BareFixture, DockerRegistry } from "@glu/testing/internal";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { execute } from "../process.ts";

// The real helm packages, pushes to a real registry and indexes; the product follows what it left there.

const login = { name: "me", password: "pass" };
/** What `htpasswd -nbB me pass` prints: the registry takes bcrypt only. */
const htpasswd = "me:$2y$05$bl5Bc/tlPC5FXCMjk3n6P.k6atSklzLRf4u06W8rgZtGYknFWe10C\n";

let registry: DockerRegistry;
let machine: Machine;
let config: BareFixture;
let charts: Server;
let folder: string;
/** Statuses of the answers about the index. */
let answers: number[];

beforeAll(async () => {
  machine = new Machine();
  const path = machine.write("htpasswd", htpasswd);
  registry = await DockerRegistry.start(`auth: {htpasswd: {realm: r, path: ${path}}}\n`);
});
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  machine[Symbol.dispose]();
});

beforeEach(async () => {
  folder = join(machine.root, `packages-${Math.random()}`);
  mkdirSync(folder, { recursive: true });
  answers = [];
  charts = createServer((request, response) => {
    const path = join(folder, request.url ?? "");
    if (!existsSync(path)) return void response.writeHead(404).end();
    const body = readFileSync(path);
    const etag = `"${createHash("sha256").update(body).digest("hex")}"`;
    const status = request.headers["if-none-match"] === etag ? 304 : 200;
    answers.push(status);
    response.writeHead(status, { etag }).end(status === 200 ? body : undefined);
  });
  await new Promise<void>((resolve) => charts.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  charts.closeAllConnections();
  charts.close();
  config?.[Symbol.dispose]();
});

async function helm(...args: string[]): Promise<string> {
  const env = {
    PATH: machine.env.PATH ?? "",
    HOME: machine.root,
    HELM_REGISTRY_CONFIG: join(machine.root, "config.json"),
  };
  const { exitCode, stdout, stderr } = await execute("helm", args, { cwd: machine.root, env });
  if (exitCode !== 0) throw new Error(`helm ${args[0]} ended with ${exitCode}: ${stderr}`);
  return `${stdout}${stderr}`;
}

/** A chart as `helm package` makes it. @returns the path of the package */
async function pack(name: string, version: string, appVersion: string): Promise<string> {
  const chart = join(machine.root, name);
  mkdirSync(join(chart, "templates"), { recursive: true });
  const about = { apiVersion: "v2", name, version, appVersion };
  writeFileSync(join(chart, "Chart.yaml"), JSON.stringify(about));
  writeFileSync(join(chart, "templates/map.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n");
  await helm("package", chart, "--destination", folder);
  return join(folder, `${name}-${version}.tgz`);
}

const sha256 = (path: string) => `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;

async function discover(...args: string[]) {
  const given = ["--config-repository", config.path, "--output", "json", ...args];
  const { code, stdout, stderr } = await machine.glu(["discover", ...given], { env: { DOCKER_CONFIG: machine.root } });
  const { sources } = JSON.parse(stdout) as { sources: { result: string; version: string; artifact: string }[] };
  expect(code, stdout + stderr).toBe(0);
  return sources;
}

async function artifact(id: string) {
  const { stdout } = await machine.glu([
    "artifact",
    "show",
    id,
    "--config-repository",
    config.path,
    "--output",
    "json",
  ]);
  return JSON.parse(stdout) as {
    artifact: { vars: Record<string, string>; version: { tag: string }; committedAt: string };
  };
}

const appOf = (name: string, source: string) =>
  `  ${name}:\n    sources: [{ ${source}, chart: ${name} }]\n    write: [{ json: a.json, set: { a: "{{ vars.chartVersion }}" } }]\n`;

function follow(name: string, source: string): void {
  config = new BareFixture({
    seed: {
      "glu.yaml": `version: 1\nenvironments: { staging: { policy: { event: tag } } }\napps:\n${appOf(name, source)}`,
    },
  });
}

test("a chart that helm pushes to a registry with a password becomes an artifact, with build metadata and what it deploys", async () => {
  await helm(
    "registry",
    "login",
    registry.host,
    "--username",
    login.name,
    "--password",
    login.password,
    "--plain-http",
  );
  const repository = `oci://${registry.host}/acme/charts`;
  follow("web", `helm: "${repository}", semver: "^1"`);
  const push = async (version: string, appVersion: string) => {
    const told = await helm("push", await pack("web", version, appVersion), repository, "--plain-http");
    return /Digest: (sha256:[0-9a-f]{64})/.exec(told)?.[1];
  };
  await push("1.9.0", "7.0");
  const digest = await push("1.10.0+build.5", "7.1");
  await push("1.11.0-rc.1", "8.0");
  await push("2.0.0", "9.0");

  const [found] = await discover();
  expect(found).toMatchObject({ result: "stored", version: "1.10.0+build.5" });
  const stored = await artifact(found?.artifact ?? "");
  expect(stored.artifact).toMatchObject({
    version: { tag: "1.10.0+build.5" },
    vars: {
      chart: "web",
      chartRepository: repository,
      chartVersion: "1.10.0+build.5",
      chartDigest: digest,
      appVersion: "7.1",
    },
  });
  expect(Date.parse(stored.artifact.committedAt)).toBeGreaterThan(Date.parse("2026-01-01"));
  // What the variables name is what helm gets.
  const { chartRepository, chart, chartVersion } = stored.artifact.vars;
  const told = await helm("pull", `${chartRepository}/${chart}`, "--version", chartVersion ?? "", "--plain-http");
  expect(told).toContain(digest);

  expect(await discover()).toMatchObject([{ result: "unchanged", artifact: found?.artifact }]);
  await push("1.10.1", "7.2");
  expect(await discover()).toMatchObject([{ result: "stored", version: "1.10.1" }]);
});

test("a repository that helm indexes and a web server serves is followed, and asked on condition", async () => {
  const url = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
  follow("api", `helm: "${url}", semver: ">=1"`);
  await pack("other", "9.0.0", "9");
  await pack("api", "1.9.0", "7.0");
  const path = await pack("api", "1.10.0", "7.1");
  await pack("api", "2.0.0-beta.1", "8");
  await helm("repo", "index", folder, "--url", url);

  const [found] = await discover("--cache", "kept");
  expect(found).toMatchObject({ result: "stored", version: "1.10.0" });
  expect((await artifact(found?.artifact ?? "")).artifact.vars).toEqual({
    chart: "api",
    chartRepository: url,
    chartVersion: "1.10.0",
    chartDigest: sha256(path),
    appVersion: "7.1",
  });
  expect(await discover("--cache", "kept")).toMatchObject([{ result: "unchanged" }]);
  expect(answers).toEqual([200, 304]);

  await pack("api", "1.11.0", "7.2");
  await helm("repo", "index", folder, "--url", url, "--merge", join(folder, "index.yaml"));
  expect(await discover("--cache", "kept")).toMatchObject([{ result: "stored", version: "1.11.0" }]);
  expect(answers).toEqual([200, 304, 200]);

  await pack("api", "1.12.0", "7.3");
  await helm("repo", "index", folder, "--url", url, "--json");
  expect(await discover("--cache", "kept")).toMatchObject([{ result: "stored", version: "1.12.0" }]);
});

test("a chart that is packaged again under the same version has moved", async () => {
  const url = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
  follow("db", `helm: "${url}"`);
  await pack("db", "1.0.0", "1");
  await helm("repo", "index", folder);
  await discover();
  await pack("db", "1.0.0", "2");
  await helm("repo", "index", folder);
  expect(await discover()).toMatchObject([{ result: "moved", version: "1.0.0" }]);
});
