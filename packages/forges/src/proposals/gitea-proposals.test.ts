import type { RefName } from "@glu/core";
import { FakeClock, realClock } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { createProposals } from "./create-proposals.ts";

// What the real Gitea cannot be made to answer. All else is tested against it.
const place = { branch: "refs/heads/glu/production/web" as RefName, base: "refs/heads/main" as RefName };
const plain = { draft: false, labels: [], reviewers: [], assignees: [] };

it.each([
  ["a page of a proxy", "<html>"],
  ["an answer without a number", '{"html_url":"http://127.0.0.1/1"}'],
  ["an answer without a page", '{"number":1}'],
])("%s is no pull request", async (_, body) => {
  const answer = (async () => new Response(body, { status: 201 })) as typeof fetch;
  const proposals = createProposals({
    ...{ forge: "gitea", apiUrl: "http://127.0.0.1:9", repository: "acme/config", token: "t", clock: realClock },
    fetch: answer,
  });
  await expect(proposals.open(place, { title: "t", body: "b" }, plain)).rejects.toMatchObject({
    code: "proposal/unexpected",
    fix: expect.any(String),
  });
});

it.each<[string, string, boolean]>([
  ["is asked for already", "pull request is already scheduled to auto merge when checks succeed [pull_id: 7]", true],
  ["conflicts", "merge conflict", false],
  ["has another head by now", "head out of date", false],
])("auto-merge of a pull request that %s is told as it stands", async (_, message, stands) => {
  const pull = { state: "open", merged: false, draft: false, base: { ref: "main" }, head: { sha: "a".repeat(40) } };
  const answers: Record<string, unknown> = {
    "/repos/acme/config": { full_name: "acme/config", default_merge_style: "squash" },
    "/repos/acme/config/pulls/1": pull,
    "/repos/acme/config/branches/main": { name: "main", enable_status_check: true, status_check_contexts: ["ci"] },
    "/user": { login: "glu", id: 7 },
  };
  const notices: string[] = [];
  const fetch = (async (url: string) => {
    const found = answers[new URL(url).pathname];
    return found === undefined ? Response.json({ message }, { status: 409 }) : Response.json(found);
  }) as typeof globalThis.fetch;
  const proposals = createProposals({
    ...{
      forge: "gitea",
      apiUrl: "http://127.0.0.1:9",
      repository: "acme/config",
      token: "secret-token",
      clock: new FakeClock(),
    },
    fetch,
    notice: (text) => void notices.push(text),
  });
  expect(await proposals.setAutoMerge(1, true)).toBe(stands);
  expect(notices.join()).toContain(stands ? "" : message);
});
