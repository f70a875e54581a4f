import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GithubServer } from "../github-server.ts";

let github: GithubServer;
beforeAll(async () => {
  github = await GithubServer.start();
  github.repository("acme/config", { "README.md": "Config\n" });
});
afterAll(() => github?.[Symbol.asyncDispose]());
beforeEach(() => void github.violations.splice(0));

async function ask(query: string, variables?: unknown, token = github.token("ada")): Promise<unknown> {
  const response = await fetch(`${github.apiUrl}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
    body: JSON.stringify({ query, ...(variables === undefined ? {} : { variables }) }),
  });
  expect(response.status).toBe(200);
  return response.json();
}

describe("GraphQL of the strict GitHub", () => {
  it("answers what its schema has and a resolver knows", async () => {
    const query = 'query($owner: String!) { viewer { login } repository(owner: $owner, name: "CONFIG") { name } }';
    expect(await ask(query, { owner: "acme" })).toEqual({
      data: { viewer: { login: "ada" }, repository: { name: "config" } },
    });
    expect(github.violations).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ["a field that GitHub does not have", "{ viewer { nickname } }", undefined],
    ["an argument that is missing", '{ repository(owner: "acme") { name } }', undefined],
    ["a variable of the wrong type", "query($n: Int!) { viewer { login } node(id: $n) { id } }", { n: 1 }],
    ["a variable that is not given", "query($n: String!) { repository(owner: $n, name: $n) { name } }", {}],
    [
      "an object's name that is none",
      'query($o: GitObjectID!) { repository(owner: "acme", name: "config") { object(oid: $o) { id } } }',
      { o: "main" },
    ],
    ["a field that is not modelled", "{ viewer { bioHTML } }", undefined],
    ["what is no query", "viewer", undefined],
  ])("takes %s for a violation", async (_, query, variables) => {
    expect(await ask(query, variables)).toHaveProperty("errors");
    expect(github.violations).toHaveLength(1);
  });

  it("refuses in GitHub's words, which is no violation", async () => {
    const query = '{ repository(owner: "acme", name: "none") { name } }';
    const notFound = { type: "NOT_FOUND", path: ["repository"], message: expect.stringContaining("'acme/none'") };
    const seen = { data: { repository: null }, errors: [expect.objectContaining(notFound)] };
    expect(await ask(query)).toEqual(seen);
    expect(
      await ask(query.replace("none", "config"), undefined, github.token("eve", { access: "none" })),
    ).toMatchObject({
      data: { repository: null },
    });
    expect(github.violations).toEqual([]);
  });
});
