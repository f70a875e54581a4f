import { expect, test } from "vitest";
import { example } from "../acme/files.ts";

// gitlab-ci-local starts a pipeline whatever its rules say, so the rule is read here.
test("people, requests and schedules start the config project's pipeline; the push of a release does not", () => {
  const [, sources = ""] = /\$CI_PIPELINE_SOURCE =~ \/(.*)\/$/m.exec(example("gitlab/config.gitlab-ci.yml")) ?? [];
  const starts = (source: string) => new RegExp(sources).test(source);
  expect(["web", "api", "trigger", "pipeline", "schedule"].filter(starts)).toHaveLength(5);
  expect(["push", "merge_request_event", "parent_pipeline", "webide"].filter(starts)).toEqual([]);
});
