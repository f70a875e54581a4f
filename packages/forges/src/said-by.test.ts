import { expect, it } from "vitest";
import { notAnswered } from "./not-answered.ts";
import { refuseProposal } from "./proposals/refuse-proposal.ts";
import { refusal } from "./refusal.ts";
import { notTold } from "./telling/not-told.ts";

const about = { target: "acme/config", token: "s3cret", permission: "P", missing: "M", invalid: "I" };
const errors = [
  (response: Parameters<typeof refusal>[0]) => refusal(response, about),
  (response: Parameters<typeof refusal>[0]) => notAnswered("team", response, about),
  (response: Parameters<typeof refusal>[0]) => refuseProposal(response, about),
  (response: Parameters<typeof refusal>[0]) => notTold("status", response, about),
];

it.each<[number, Record<string, string>, object, string]>([
  [
    403,
    { "x-accepted-github-permissions": "contents=write; pull_requests=write" },
    { message: "Resource not accessible by integration" },
    "GitHub wants contents=write; pull_requests=write",
  ],
  [404, { "x-accepted-github-permissions": "members=read" }, { message: "Not Found" }, "GitHub wants members=read"],
  [
    403,
    { "x-github-sso": "required; url=https://github.com/orgs/acme/sso?x=1" },
    { message: "Resource protected by organization SAML enforcement." },
    "single sign-on: https://github.com/orgs/acme/sso?x=1",
  ],
  [403, {}, { error: "insufficient_scope", scope: "api" }, "GitLab wants the scope api"],
  [
    403,
    {},
    { message: "token does not have at least one of required scope(s): [write:repository]" },
    "[write:repository]",
  ],
  [401, { "x-accepted-github-permissions": "a s3cret b" }, { message: "s3cret" }, "GitHub wants a *** b"],
])("%i %j: each error says what the forge wants, and never the token", (status, headers, json, words) => {
  for (const make of errors) {
    const error = make({ status, headers: new Headers(headers), json }) as Error & { seen: string; fix: string };
    expect(error.seen).toContain(words);
    // People read the message: what is only in `seen` they do not see.
    expect(error.message).toContain(words);
    expect(error.fix).toContain("P");
    expect(JSON.stringify([error.message, error.seen, error.fix])).not.toContain("s3cret");
  }
});

it("what a server says stays one line", () => {
  const json = { message: "No.\n::error::evil\r\u001b[31m" };
  const error = refusal({ status: 403, headers: new Headers(), json }, about);
  expect(error.message).not.toMatch(/\p{Cc}/u);
});
