import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { actionCommands } from "../commands/all.ts";
import type { Input } from "../schema/input.ts";
import { gitlabTemplate } from "./gitlab-template.ts";

const root = join(import.meta.dirname, "../../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Spec {
  component?: string[];
  inputs: Record<
    string,
    { type?: string; default?: unknown; options?: unknown[]; regex?: string; description?: string }
  >;
}

function split(text: string): { spec: Spec; body: Record<string, unknown> } {
  const [header, body] = parseAllDocuments(text).map((document) => document.toJS());
  return { spec: header.spec, body };
}

/** What GitLab does to an input before the pipeline exists. */
function accepts(spec: Spec, name: string, value: unknown): boolean {
  const input = spec.inputs[name];
  if (input === undefined) return false;
  if (input.options !== undefined && !input.options.includes(value)) return false;
  return input.regex === undefined || new RegExp(input.regex, "u").test(String(value));
}

describe.each(actionCommands.map((command) => [command.name, command] as const))("the %s component", (_, command) => {
  const text = gitlabTemplate(command);
  const { spec, body } = split(text);
  const job = body["$[[ inputs.job-name ]]"] as { variables: Record<string, unknown>; script: string[] };

  it("uses every input that it declares, and no other", () => {
    const used = new Set([...text.matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(spec.inputs).sort());
    for (const [, field] of text.matchAll(/\$\[\[ component\.(\w+) \]\]/g)) expect(spec.component).toContain(field);
  });

  it("gives each input of the command to the job under its own name, hidden by none of the job's own", () => {
    for (const [name, { description }] of Object.entries(command.inputs)) {
      if (spec.inputs[name] !== undefined) expect(spec.inputs[name].description).toBe(description);
    }
  });

  it("puts no input into its script", () => {
    expect(job.script.join("\n")).not.toContain("$[[");
  });

  it("gives the job no variable that GitLab would refuse", () => {
    for (const value of Object.values(job.variables)) {
      if (typeof value !== "string") expect(value).toEqual({ value: expect.any(String), expand: false });
    }
    for (const [name, { type }] of Object.entries(spec.inputs)) {
      // An interpolation that is the whole value keeps the input's type, and a variable takes text only.
      if (type === "boolean") expect(Object.values(job.variables)).toContain(`$[[ inputs.${name} ]] `);
    }
  });

  it("has defaults that pass its own checks", () => {
    for (const [name, input] of Object.entries(spec.inputs)) {
      expect(input.description, name).toBeTruthy();
      if (input.default !== undefined) expect(accepts(spec, name, input.default), name).toBe(true);
    }
  });

  it("takes only the name of a variable as its token", () => {
    expect(accepts(spec, "token", "$DEPLOY_TOKEN")).toBe(true);
    expect(accepts(spec, "token", "glpat-secret")).toBe(false);
  });

  it("takes names, lists of names and variables for an app, and no shell", () => {
    const name = spec.inputs.app === undefined ? "environment" : "app";
    expect(accepts(spec, name, "frontend")).toBe(true);
    expect(accepts(spec, name, "$CI_PROJECT_NAME")).toBe(true);
    expect(accepts(spec, name, "a;b")).toBe(false);
    expect(accepts(spec, name, "$(id)")).toBe(false);
    const named = (command.inputs as Readonly<Record<string, Input>>)[name];
    expect(accepts(spec, name, "frontend,backend")).toBe(named?.kind === "list");
  });

  it("takes a release's digest, and nothing else in its place", () => {
    expect(gitlabTemplate(command, "0".repeat(64))).toContain(`digest=${"0".repeat(64)}`);
    expect(() => gitlabTemplate(command, "$(id)")).toThrow("not a SHA-256");
  });
});

describe("the GitLab examples", () => {
  const readme = [...read("gitlab/README.md").matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const examples = readdirSync(join(root, "examples/gitlab")).map((file) => read(`examples/gitlab/${file}`));
  const texts = [...examples, ...readme];

  it("give the components inputs that they have, with values that they take", () => {
    let seen = 0;
    for (const text of texts) {
      const body = text.includes("\n---\n") ? split(text).body : parse(text);
      for (const include of body.include as { component: string; inputs: Record<string, unknown> }[]) {
        const name = /^\$CI_SERVER_FQDN\/glu\/actions\/([\w-]+)@1$/.exec(include.component)?.[1];
        const command = actionCommands.find((candidate) => candidate.name === name);
        if (command === undefined) throw new Error(`${include.component} is no component of ours`);
        const { spec } = split(gitlabTemplate(command));
        for (const [input, value] of Object.entries(include.inputs)) {
          const passedOn = String(value).startsWith("$[[ inputs.");
          expect(Object.keys(spec.inputs)).toContain(input);
          if (!passedOn) expect(accepts(spec, input, value), `${input}: ${value}`).toBe(true);
          seen++;
        }
      }
    }
    expect(seen).toBeGreaterThan(8);
  });

  it("name no job like a keyword of GitLab's", () => {
    const keywords = ["image", "services", "stages", "before_script", "after_script", "variables", "cache", "include"];
    for (const text of texts) {
      const body = text.includes("\n---\n") ? split(text).body : parse(text);
      for (const key of Object.keys(body)) {
        if (keywords.includes(key)) expect(["stages", "variables", "include"]).toContain(key);
      }
    }
  });

  it("start by themselves: every input of the config pipeline has a default that passes", () => {
    const { spec } = split(read("examples/gitlab/config.gitlab-ci.yml"));
    for (const [name, input] of Object.entries(spec.inputs))
      expect(accepts(spec, name, input.default), name).toBe(true);
    expect(accepts(spec, "artifact", "20261121t070000z-0123456789ab")).toBe(true);
    expect(accepts(spec, "artifact", "$GLU_TOKEN")).toBe(false);
    expect(accepts(spec, "environment", "production")).toBe(true);
  });
});
