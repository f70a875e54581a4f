import { expect, it } from "vitest";
import { UserError } from "../errors.ts";
import type { ProposeOptions } from "../model/pipeline.ts";
import type { Templates } from "../ports/templates.ts";
import { environment, pipelineOf } from "../test-kit/memory.ts";
import { checkProposals } from "./check-proposals.ts";

const templates: Templates = {
  render: (template, variables) =>
    template.replaceAll(/\{\{ ?(.*?) ?\}\}/g, (_, name: string) => {
      const value = name.split(".").reduce<unknown>((all, part) => (all as Record<string, unknown>)?.[part], variables);
      if (typeof value === "string") return value;
      throw new UserError("template/missing-variable", `names ${name}`, { seen: name, fix: "There are others." });
    }),
};
const check = (propose: ProposeOptions | undefined, apps = ["web", "api"]) =>
  checkProposals(pipelineOf(apps, [environment("production", { propose })]), templates);

it("what every artifact has is no finding, nor is a proposal without templates", () => {
  expect(check({ title: "{{ app }} {{ label }}", body: "{{ plan }} {{ version.sha }} {{ reason }}" })).toEqual([]);
  for (const none of [undefined, {}, { draft: true }]) expect(check(none)).toEqual([]);
});

it("a misspelt name is an error with its place, and said once of all apps", () => {
  expect(check({ title: "{{ lable }}", body: "{{ plan }}" })).toMatchObject([
    {
      level: "error",
      app: undefined,
      environment: "production",
      code: "template/missing-variable",
      message: "environments.production.propose.title: names lable",
    },
  ]);
});

it("the plan is no part of a title", () => {
  expect(check({ title: "{{ plan }}" })).toMatchObject([{ level: "error" }]);
});

it("what only an artifact can tell is noted", () => {
  expect(check({ body: "{{ vars.TICKET }}" }, ["web"])).toMatchObject([{ level: "note", app: "web" }]);
});
