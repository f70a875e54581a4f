import { parseArtifactSelector } from "@glu/core";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { example } from "../acme/files.ts";

// gitlab-ci-local starts a pipeline whatever its rules say, so the rule is read here.
test("people, requests and schedules start the config project's pipeline; the push of a release does not", () => {
  const [, sources = ""] = /\$CI_PIPELINE_SOURCE =~ \/(.*)\/$/m.exec(example("gitlab/config.gitlab-ci.yml")) ?? [];
  const starts = (source: string) => new RegExp(sources).test(source);
  expect(["web", "api", "trigger", "pipeline", "schedule"].filter(starts)).toHaveLength(5);
  expect(["push", "merge_request_event", "parent_pipeline", "webide"].filter(starts)).toEqual([]);
});

test("the config project's form takes the artifacts that glu takes by name, and nothing else", () => {
  const [, form = ""] = /^ {6}regex: (\^\(latest.*)$/m.exec(example("gitlab/config.gitlab-ci.yml")) ?? [];
  const takes = (value: string) => new RegExp(form).test(value);
  const digest = `sha256:${"a1".repeat(32)}`;
  const named = ["latest", "20261121t070000z-0123456789ab", digest];
  expect(named.filter(takes)).toEqual(named);
  for (const value of named) expect(() => parseArtifactSelector(value)).not.toThrow();
  const others = ["", digest.slice("sha256:".length), "sha256:0123456789ab", "0123456789ab", "1.2.3"];
  expect(others.filter(takes)).toEqual([]);
  for (const value of others) expect(() => parseArtifactSelector(value)).toThrow();
});

test("pushes, schedules and merge requests start the pipeline that proposes, each with a job of its own", () => {
  const { workflow, ...jobs } = parse(example("gitlab/propose.gitlab-ci.yml"));
  const [ofRequests, ofBranch] = workflow.rules.map((rule: { if: string }) => rule.if);
  expect(ofRequests).toBe('$CI_PIPELINE_SOURCE == "merge_request_event"');
  const [, sources = ""] =
    /^\$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH && \$CI_PIPELINE_SOURCE =~ \/(.*)\/$/.exec(ofBranch) ?? [];
  const starts = (source: string) => new RegExp(sources).test(source);
  expect(["push", "web", "api", "trigger", "pipeline", "schedule"].filter(starts)).toHaveLength(6);
  expect(["merge_request_event", "parent_pipeline", "webide"].filter(starts)).toEqual([]);
  expect(jobs.glu.rules).toEqual([{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" }]);
  expect(jobs["glu-merge-request"].rules).toEqual([{ if: ofRequests }]);
  // What is held fails a merge request, and no schedule.
  const included = jobs.include.map(({ inputs }: { inputs: Record<string, string> }) => inputs);
  expect(included).toMatchObject([{ "job-name": "glu" }, { "job-name": "glu-merge-request", "on-held": "fail" }]);
  expect(included[0]).not.toHaveProperty("on-held");
});
