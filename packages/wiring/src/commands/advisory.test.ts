import type { ConfigRepository } from "@glu/core";
import { type Env, readCiContext } from "@glu/hosts";
import { expect, it } from "vitest";
import type { Surroundings } from "../surroundings.ts";
import { whyAdvisory } from "./advisory.ts";

const config = {
  location: "https://forge.invalid/acme/deployments.git",
  branch: "refs/heads/live",
} as unknown as ConfigRepository;

const github = (more: Env) => {
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_SERVER_URL: "https://forge.invalid",
    GITHUB_REPOSITORY: "acme/deployments",
    GITHUB_REF: "refs/heads/main",
    GITHUB_EVENT_PATH: "/event.json",
    ...more,
  };
  return readCiContext(env, () => JSON.stringify({ repository: { default_branch: "main" } }));
};
const gitlab = (more: Env) =>
  readCiContext(
    {
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "web",
      CI_SERVER_URL: "https://forge.invalid",
      CI_PROJECT_PATH: "acme/deployments",
      CI_DEFAULT_BRANCH: "main",
      ...more,
    },
    () => undefined,
  );

it("a forge that lies on a path of its host is the same forge", () => {
  const context = github({ GITEA_ACTIONS: "true", GITHUB_SERVER_URL: "https://forge.invalid/git/" });
  const onPath = { ...config, location: "https://forge.invalid/git/acme/deployments.git" } as ConfigRepository;
  expect(whyAdvisory(onPath, { context } as Surroundings)).toBeUndefined();
});

it.each([
  ["from the default branch", github({}), undefined],
  ["from the config branch", github({ GITHUB_REF: "refs/heads/live" }), undefined],
  ["from a branch of somebody's own", github({ GITHUB_REF: "refs/heads/skip-the-gates" }), "branch"],
  ["from a tag, which anybody may push", github({ GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/tags/v1" }), "branch"],
  [
    "from a pull request's merge",
    github({ GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/pull/1/merge" }),
    "branch",
  ],
  ["for a pull request, from its base", github({ GITHUB_EVENT_NAME: "pull_request_target" }), undefined],
  ["in an app's repository", github({ GITHUB_REPOSITORY: "acme/frontend" }), "repository"],
  ["in GitLab, from the default branch", gitlab({ CI_COMMIT_BRANCH: "main" }), undefined],
  ["in GitLab, from another branch", gitlab({ CI_COMMIT_BRANCH: "mine" }), "branch"],
  ["in GitLab, of a merge request", gitlab({ CI_PIPELINE_SOURCE: "merge_request_event" }), "branch"],
  ["at a terminal", readCiContext({}, () => undefined), undefined],
] as const)("gates of a promotion %s", (_how, context, why) => {
  expect(whyAdvisory(config, { context } as Surroundings)).toBe(why);
});
