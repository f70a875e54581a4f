import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type HttpMemory, noApiCalls, type RememberedAnswer } from "@glu/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReleases } from "./releases.ts";

type Json = Record<string, unknown>;

/** Answers of a forge by their path; everything else is 404. */
class FakeForge {
  readonly answers = new Map<string, { status?: number; body: unknown; etag?: string }>();
  readonly asked: IncomingMessage[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(request);
    const found = this.answers.get(request.url ?? "");
    if (found === undefined) return void response.writeHead(404).end('{"message":"Not Found"}');
    const headers = found.etag === undefined ? {} : { etag: found.etag };
    const same = found.etag !== undefined && request.headers["if-none-match"] === found.etag;
    if (same) return void response.writeHead(304, headers).end();
    return void response.writeHead(found.status ?? 200, headers).end(JSON.stringify(found.body));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get paths(): string[] {
    return this.asked.map(({ url = "" }) => url);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** `nullable` of OpenAPI 3.0 in the words of JSON Schema. */
function asSchema(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || (value as Json).nullable !== true) return value;
  const { nullable: _, ...rest } = value as Json;
  return { anyOf: [rest, { type: "null" }] };
}

const clock = { now: () => Date.now(), random: () => 0, sleep: async () => {} };
let forge: FakeForge;
beforeEach(async () => {
  forge = new FakeForge();
  await forge.start();
});
afterEach(() => forge.stop());

const connect = (token?: string, memory?: HttpMemory) =>
  createReleases(() => ({ apiUrl: forge.url, clock, timeout: 5000, token, calls: { ...noApiCalls(), memory } }));
const sha = "c".repeat(40);

describe("releases on GitHub", () => {
  let example: { release: Json; commit: Json };
  let valid: (kind: "release" | "commit", answer: unknown) => unknown;
  beforeAll(() => {
    const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
    const { components, paths } = JSON.parse(readFileSync(file, "utf8"), asSchema);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schemaOf = (path: string) => paths[path].get.responses["200"].content["application/json"].schema;
    const validators = {
      release: ajv.compile({ ...schemaOf("/repos/{owner}/{repo}/releases"), components }),
      commit: ajv.compile({ ...schemaOf("/repos/{owner}/{repo}/commits/{ref}"), components }),
    };
    const { "release-items": releases, commit } = components.examples;
    example = { release: releases.value[0], commit: commit.value };
    valid = (kind, answer) => {
      // A fake that GitHub would not recognise proves nothing.
      if (!validators[kind](answer)) throw new Error(JSON.stringify(validators[kind].errors));
      return answer;
    };
  });

  const list = "/repos/acme/tool/releases?per_page=100&page=1";
  const release = (tag: string, more: Json = {}): Json => ({
    ...example.release,
    tag_name: tag,
    html_url: `https://github.com/acme/tool/releases/tag/${tag}`,
    ...more,
  });

  it("are those that are published, with what they say of themselves", async () => {
    const all = [
      release("v2.0.0-rc.1", { prerelease: true }),
      release("v1.1.0"),
      release("v9.0.0", { draft: true, published_at: null }),
    ];
    forge.answers.set(list, { body: valid("release", all) });
    const releases = connect("t0ken");
    expect(await releases.list("acme/tool", "github")).toEqual([
      { tag: "v2.0.0-rc.1", prerelease: true, url: "https://github.com/acme/tool/releases/tag/v2.0.0-rc.1" },
      { tag: "v1.1.0", prerelease: false, url: "https://github.com/acme/tool/releases/tag/v1.1.0" },
    ]);
    await releases.list("acme/tool", "github");
    expect(forge.paths).toEqual([list]);
    expect(forge.asked[0]?.headers).toMatchObject({
      authorization: "Bearer t0ken",
      "x-github-api-version": "2022-11-28",
    });
  });

  it("have the commit of their tag, not of a branch that is called so", async () => {
    const who = { name: "Ada", email: "ada@example.org", date: "2026-01-02T03:04:05Z" };
    const commit = { ...(example.commit.commit as Json), author: who, committer: who, message: "Release" };
    const body = valid("commit", { ...example.commit, sha, commit, files: [] });
    forge.answers.set("/repos/acme/tool/commits/tags/lib/v1.0.0%2B1", { body });
    expect(await connect().commit("acme/tool", "github", "lib/v1.0.0+1")).toEqual({
      sha,
      author: { name: "Ada", email: "ada@example.org" },
      committer: { name: "Ada", email: "ada@example.org" },
      committedAt: "2026-01-02T03:04:05.000Z",
      message: "Release",
    });
    expect(forge.asked[0]?.headers.authorization).toBeUndefined();
  });

  it("are asked for on condition where they are remembered, and remembered for one token alone", async () => {
    const kept = new Map<string, RememberedAnswer>();
    const memory: HttpMemory = {
      get: async (key) => kept.get(key),
      put: async (key, answer) => void kept.set(key, answer),
    };
    forge.answers.set(list, { body: valid("release", [release("v1.0.0")]), etag: '"one"' });
    const first = await connect("a", memory).list("acme/tool", "github");
    expect(await connect("a", memory).list("acme/tool", "github")).toEqual(first);
    await connect("b", memory).list("acme/tool", "github");
    expect(forge.asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"one"', undefined]);
    expect(JSON.stringify([...kept.keys()])).not.toMatch(/"a"|"b"/);
  });
});

describe("releases on GitLab", () => {
  const project = "/projects/group%2Fsub%2Ftool";
  const list = `${project}/releases?per_page=100&page=1`;

  it("are those that are out, with the commit of their tag", async () => {
    // As in https://docs.gitlab.com/api/releases/.
    forge.answers.set(list, {
      body: [
        { tag_name: "v2.0", upcoming_release: true, _links: {} },
        {
          tag_name: "v1.0",
          upcoming_release: false,
          _links: { self: "https://gitlab.com/group/sub/tool/-/releases/v1.0" },
        },
      ],
    });
    forge.answers.set(`${project}/releases/v1.0`, {
      body: {
        tag_name: "v1.0",
        commit: {
          id: sha,
          author_name: "Ada",
          author_email: "ada@example.org",
          committer_name: "Bob",
          committer_email: "bob@example.org",
          committed_date: "2026-01-02T03:04:05.000+01:00",
          message: "Release",
        },
      },
    });
    const releases = connect("glpat-x");
    expect(await releases.list("group/sub/tool", "gitlab")).toEqual([
      { tag: "v1.0", prerelease: false, url: "https://gitlab.com/group/sub/tool/-/releases/v1.0" },
    ]);
    expect(await releases.commit("group/sub/tool", "gitlab", "v1.0")).toMatchObject({
      sha,
      committer: { name: "Bob", email: "bob@example.org" },
      committedAt: "2026-01-02T02:04:05.000Z",
    });
    expect(forge.asked.map(({ headers }) => headers["private-token"])).toEqual(["glpat-x", "glpat-x"]);
  });

  it("are asked for with a job's token in its own header", async () => {
    forge.answers.set(list, { body: [] });
    await connect("job").list("group/sub/tool", "gitlab");
    expect(forge.asked[0]?.headers).toMatchObject({ "job-token": "job" });
  });
});

describe.each(["github", "gitlab"] as const)("what %s cannot answer", (on) => {
  const list =
    on === "github" ? "/repos/a/b/releases?per_page=100&page=1" : "/projects/a%2Fb/releases?per_page=100&page=1";

  it("is told, without the token", async () => {
    await expect(connect().list("a/b", on)).rejects.toMatchObject({ code: "release/not-found" });
    await expect(connect().commit("a/b", on, "v1")).rejects.toMatchObject({ code: "release/not-found" });
    forge.answers.set(list, { status: 403, body: { message: "not for s3cret" } });
    const error: unknown = await connect("s3cret")
      .list("a/b", on)
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: "release/not-found" });
    expect(JSON.stringify(error)).not.toContain("s3cret");
    forge.answers.set(list, { body: { not: "a list" } });
    await expect(connect().list("a/b", on)).rejects.toMatchObject({ code: "release/unexpected" });
  });

  it("for a moment is asked again", async () => {
    forge.answers.set(list, { status: 503, body: {} });
    await expect(connect().list("a/b", on)).rejects.toMatchObject({ code: "forge/unreachable", transient: true });
    expect(forge.asked.length).toBeGreaterThan(1);
  });
});
