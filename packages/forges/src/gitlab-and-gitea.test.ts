import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRequests } from "./requests.ts";

type Json = Record<string, unknown>;
interface Call {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Json;
}

/**
 * What a forge answers, by its documentation and its source. An unmodelled call is answered 501, which fails the test.
 * `calls` keeps everything that was asked.
 */
function startFake(answer: (call: Call) => { status: number; body?: Json }) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { method = "", url = "", headers } = request;
    const call = { method, url, headers, body: text === "" ? {} : (JSON.parse(text) as Json) };
    calls.push(call);
    const { status, body } = answer(call);
    response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
  });
  return { calls, server };
}

const only = (body: Json, ...keys: string[]) => Object.keys(body).every((key) => keys.includes(key));
const pipeline = { status: 201, body: { id: 61, web_url: "https://gitlab.example/acme/team/config/-/pipelines/61" } };

/** Project 8 `acme/team/config` with `main` and the inputs app and environment; tokens named after what they are. */
function gitlab({ method, url, headers, body }: Call): { status: number; body?: Json } {
  const project = "/projects/acme%2Fteam%2Fconfig";
  const notFound = { status: 404, body: { message: "404 Project Not Found" } };
  if (method === "GET" && url === "/job") {
    const { "job-token": token } = headers;
    if (token !== "glcbt-job") return { status: 401, body: { message: "401 Unauthorized" } };
    return { status: 200, body: { id: 1, name: "artifact", user: { id: 1, username: "jo.doe", state: "active" } } };
  }
  if (method === "GET" && url.startsWith("/projects/")) {
    return headers["private-token"] === "glpat-good" && url === project
      ? { status: 200, body: { id: 8, default_branch: "trunk" } }
      : notFound;
  }
  const trigger = url === `${project}/trigger/pipeline`;
  if (method !== "POST" || !(trigger || url === `${project}/pipeline`)) {
    return url.endsWith("/pipeline") ? notFound : { status: 501 };
  }
  if (trigger) {
    if (typeof body.token !== "string" || !only(body, "token", "ref", "variables", "inputs")) return { status: 501 };
    // A trigger token of another project: not found. A job's token without access: refused.
    if (!["glptt-trigger", "glcbt-job"].includes(body.token))
      return { status: 404, body: { message: "404 Not Found" } };
    const values = Object.values((body.variables ?? {}) as Json);
    if (!values.every((value) => typeof value === "string"))
      return { status: 400, body: { message: "variables needs to be a map of key-valued strings" } };
  } else {
    if (!only(body, "ref", "variables", "inputs")) return { status: 501 };
    if (headers["private-token"] === "glpat-reader") return { status: 403, body: { message: "403 Forbidden" } };
    if (headers["private-token"] !== "glpat-good") return { status: 401, body: { message: "401 Unauthorized" } };
    const variables = (body.variables ?? []) as Json[];
    if (!Array.isArray(variables) || !variables.every((one) => only(one, "key", "value", "variable_type")))
      return { status: 501 };
  }
  if (typeof body.ref !== "string" || body.ref === "") return { status: 400, body: { error: "ref is missing" } };
  if (!["main", "trunk"].includes(body.ref))
    return { status: 400, body: { message: { base: ["Reference not found"] } } };
  if (!only((body.inputs ?? {}) as Json, "app", "environment")) {
    const message = { base: ["Given inputs not defined in the `spec` section of the included configuration file"] };
    return { status: 400, body: { message } };
  }
  return pipeline;
}

/** Gitea's workflow_dispatch of `acme/config/promote.yml`; it takes full refs. */
function gitea({ method, url, headers, body }: Call): { status: number; body?: Json } {
  if (headers.authorization !== "token good") return { status: 401, body: { message: "token is required" } };
  if (method === "GET" && url === "/repos/acme/config") return { status: 200, body: { default_branch: "main" } };
  if (url === "/repos/acme/config/dispatches") return { status: 404 };
  if (method !== "POST" || !url.startsWith("/repos/acme/config/actions/workflows/")) return { status: 501 };
  if (!url.endsWith("/promote.yml/dispatches")) return { status: 404, body: { message: "workflow not found" } };
  if (!only(body, "ref", "inputs")) return { status: 501 };
  return body.ref === "refs/heads/main" ? { status: 204 } : { status: 404, body: { message: "ref does not exist" } };
}

let fake: ReturnType<typeof startFake>;
let apiUrl = "";
const clock = { now: () => 0, random: () => 0, sleep: async () => {} };
const inputs = { app: "frontend", environment: "production" };

function ask(
  forge: "gitlab" | "gitea",
  target: string,
  token: string,
  more: { values?: Record<string, string>; parameters?: "variables" } = {},
) {
  const parameters = more.parameters === undefined ? {} : { parameters: more.parameters };
  const requests = createRequests({ forge, apiUrl, serverUrl: "https://git.example", token, clock, ...parameters });
  return requests.request(target, more.values ?? inputs);
}

async function start(answer: typeof gitlab) {
  fake = startFake(answer);
  await new Promise<void>((resolve) => fake.server.listen(0, "127.0.0.1", resolve));
  apiUrl = `http://127.0.0.1:${(fake.server.address() as AddressInfo).port}`;
}
afterEach(() => {
  fake.server.closeAllConnections();
  fake.server.close();
  for (const { url } of fake.calls) expect(url).not.toMatch(/gl(?:cbt|ptt|pat)-/);
});

describe("a request on GitLab", () => {
  beforeEach(() => start(gitlab));

  it.each(["glcbt-job", "glptt-trigger"])(
    "with %s triggers the pipeline with typed inputs, the token in the body",
    async (token) => {
      await expect(ask("gitlab", "acme/team/config@main", token)).resolves.toEqual({ url: pipeline.body.web_url });
      expect(fake.calls).toMatchObject([
        { url: "/projects/acme%2Fteam%2Fconfig/trigger/pipeline", body: { token, ref: "main", inputs } },
      ]);
      expect(fake.calls[0]?.body).not.toHaveProperty("variables");
    },
  );

  it("with an access token creates the pipeline, the token in a header, on the default branch", async () => {
    await expect(ask("gitlab", "acme/team/config", "glpat-good")).resolves.toEqual({ url: pipeline.body.web_url });
    expect(fake.calls.at(-1)).toMatchObject({
      headers: { "private-token": "glpat-good" },
      body: { ref: "trunk", inputs },
    });
    expect(fake.calls.at(-1)?.body).not.toHaveProperty("token");
  });

  it("can carry variables instead, in the shape of each endpoint", async () => {
    const values = { "artifact-id": "x" };
    await ask("gitlab", "acme/team/config@main", "glcbt-job", { values, parameters: "variables" });
    await ask("gitlab", "acme/team/config@main", "glpat-good", { values, parameters: "variables" });
    expect(fake.calls.map(({ body }) => body.variables)).toEqual([
      { GLU_ARTIFACT_ID: "x" },
      [{ key: "GLU_ARTIFACT_ID", value: "x" }],
    ]);
  });

  it.each([
    ["acme/team/config@main", "glptt-other", "forge/not-found", "Job token permissions"],
    ["acme/team/config@main", "glpat-wrong", "forge/unauthorised", "trigger token"],
    ["acme/team/config@main", "glpat-reader", "forge/forbidden", "trigger token"],
    ["acme/nope@main", "glcbt-job", "forge/not-found", "Check the path acme/nope"],
    ["acme/team/config@gone", "glcbt-job", "forge/invalid-request", "Check that gone exists"],
    ["acme/team/config", "glcbt-job", "input/request", "acme/team/config@main"],
  ])("to %s with %s is %s and says what to do", async (target, token, code, fix) => {
    await expect(ask("gitlab", target, token)).rejects.toMatchObject({
      code,
      fix: expect.stringContaining(fix),
      exitCode: 2,
    });
  });

  it("with an input that the pipeline does not declare says so", async () => {
    await expect(ask("gitlab", "acme/team/config@main", "glcbt-job", { values: { reasn: "x" } })).rejects.toMatchObject(
      {
        code: "forge/invalid-request",
        seen: expect.stringContaining("not defined in the `spec`"),
        fix: expect.stringContaining("reasn"),
      },
    );
  });
});

describe("a request on Gitea", () => {
  beforeEach(() => start(gitea));

  it("runs the workflow on a full ref, by default of the default branch", async () => {
    const url = "https://git.example/acme/config/actions?workflow=promote.yml";
    await expect(ask("gitea", "acme/config/promote.yml@main", "good")).resolves.toEqual({ url });
    await expect(ask("gitea", "acme/config/promote.yml", "good")).resolves.toEqual({ url });
    expect(fake.calls.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
      { ref: "refs/heads/main", inputs },
      { ref: "refs/heads/main", inputs },
    ]);
  });

  it.each([
    ["acme/config/promote.yml@main", "wrong", "forge/unauthorised", "write:repository"],
    ["acme/config/other.yml@main", "good", "forge/not-found", ".gitea/workflows/other.yml"],
    ["acme/config", "good", "input/request", "owner/name/promote.yml@main"],
  ])("to %s with the token %s is %s and says what to do", async (target, token, code, fix) => {
    await expect(ask("gitea", target, token)).rejects.toMatchObject({ code, fix: expect.stringContaining(fix) });
  });
});
