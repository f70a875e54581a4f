import type { RefName } from "@glu/core";
import { realClock } from "@glu/testing/internal";
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
