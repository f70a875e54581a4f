import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../sandbox.ts";

/** A file of `examples/`, as people paste it. */
export function example(path: string): string {
  return readFileSync(join(root, "examples", path), "utf8");
}

/** A file as the README's quick start gives it, in a block that names its path. */
function pasted(path: string): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, rest] = readme.split(`\`\`\`yaml path=${path}\n`);
  if (rest === undefined) throw new Error(`The README has no ${path}.`);
  return rest.slice(0, rest.indexOf("```\n"));
}

const production = `# production: kept as it is, with its odd   spacing.
image:
    tag:   '0.0.0'   # and this
    digest: ""
`;

/** The app's repository: the examples of both forges lie in it, so that its commit is the same on each. */
export const appFiles = (): Record<string, string> => ({
  Dockerfile: "FROM scratch\n",
  ".github/workflows/build.yml": example("github/app-build.yml"),
  ".gitlab-ci.yml": withoutServices(example("gitlab/app.gitlab-ci.yml")),
});

/** gitlab-ci-local would start a service in Docker, even for the shell executor; all else of the example stays. */
function withoutServices(pipeline: string): string {
  const shortened = pipeline.replace(/^ +services: \[docker:.*\]\n/m, "");
  if (shortened === pipeline) throw new Error("The example has no service that needs to be left out.");
  return shortened;
}

/** The config repository, likewise. */
export const configFiles = (): Record<string, string> => ({
  "glu.yaml": pasted("glu.yaml"),
  "apps/frontend/envs/staging/values.yaml": pasted("apps/frontend/envs/staging/values.yaml"),
  "apps/frontend/envs/production/values.yaml": production,
  ".github/workflows/promote.yml": example("github/config-promote.yml"),
  ".gitlab-ci.yml": example("gitlab/config.gitlab-ci.yml"),
});
