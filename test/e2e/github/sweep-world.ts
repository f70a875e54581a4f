import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GithubServer, GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { execute } from "../process.ts";
import { root, Sandbox } from "../sandbox.ts";

/** Apps of two repositories: `web` and `docs` of one, `site` of the other, whose templates lie there. */
export const config = `version: 1
environments: { staging: {} }
previews: { host: "{{ preview.name }}.preview.example.com" }
apps:
  web: &web
    repository: acme/web
    preview: { template: preview/web }
    write: [{ yaml: "{{ app }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }]
  docs: { <<: *web, preview: { template: preview/docs } }
  site: { <<: *web, repository: acme/site, preview: { template: deploy, from: app } }
`;
const template = (line: string) =>
  `kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { line: ${line}, sha: "{{ pull.sha }}" }\n`;

type Repository = "acme/web" | "acme/site";

/** Previews on GitHub's API, looked at by the built product: as the action in a job, and at the command line in one. */
export async function sweepWorld() {
  const sandbox = new Sandbox();
  const github = await GithubServer.start();
  const ada = github.token("ada");
  const token = github.token("glu-acme[bot]");
  const previews = github.repository("acme/config", {
    ...{ "glu.yaml": config, "web.yaml": "image: { tag: '1' }\n" },
    ...{ "preview/web/web.yaml": template("web"), "preview/docs/docs.yaml": template("docs") },
  });
  const apps = {
    "acme/web": github.repository("acme/web", { "README.md": "Web\n" }),
    "acme/site": github.repository("acme/site", { "deploy/site.yaml": template("main") }),
  };
  for (const [name, { git }] of [["acme/config", previews], ...Object.entries(apps)] as const) {
    const path = join(sandbox.folder, "git", `${name}.git`);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(git.path, path);
  }
  const git = await GitServer.start(join(sandbox.folder, "git"));
  const api = async <T>(method: string, at: string, body?: unknown, by = ada): Promise<T> => {
    const response = await fetch(`${github.apiUrl}/repos/${at}`, {
      method,
      headers: { authorization: `Bearer ${by}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as T;
  };
  const file = (name: string, text = "") => {
    const path = join(sandbox.folder, name);
    writeFileSync(path, text);
    return path;
  };
  let count = 0;
  const variables = (repository: string, event: string, payload: unknown = {}) => ({
    ...sandbox.environment,
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: git.origin,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(payload)),
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_OUTPUT: file("output"),
    GITHUB_SHA: previews.tip("main") ?? "",
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: "100",
    GITHUB_RUN_NUMBER: "1",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: "glu",
    GITHUB_WORKFLOW: "glu",
  });
  return {
    ...{ sandbox, github, previews, apps, git, token, api },
    /** Opens a pull request with one commit. */
    async open(repository: Repository = "acme/web", base = "main") {
      const head = `change-${++count}`;
      const { git: own } = apps[repository];
      own.git("update-ref", `refs/heads/${head}`, `refs/heads/${base}`);
      const sha = own.push(head, { [head]: "x\n" });
      const { number } = await api<{ number: number }>("POST", `${repository}/pulls`, {
        head,
        base,
        title: "A change",
      });
      return { number, sha, head, repository };
    },
    close: ({ repository, number }: { repository: Repository; number: number }) =>
      api("PATCH", `${repository}/pulls/${number}`, { state: "closed" }),
    /** Somebody writes to the repository of previews, or deletes from it. */
    byHand(files: Readonly<Record<string, string | undefined>>) {
      const written = Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]]));
      if (written.length > 0) previews.git.push("main", Object.fromEntries(written));
      const { git: own } = previews;
      own.git("read-tree", "main");
      for (const [path, text] of Object.entries(files)) {
        if (text === undefined) own.git("--work-tree=.", "update-index", "--force-remove", path);
      }
      const author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@test.invalid"];
      const commit = own.git(...author, "commit-tree", own.git("write-tree"), "-p", "main", "-m", "By hand");
      own.git("update-ref", "refs/heads/main", commit);
    },
    /** Of all previews their files. */
    there: (): string[] =>
      previews.git
        .git("ls-tree", "-r", "--name-only", "main")
        .split("\n")
        .filter((path) => path.startsWith("previews/")),
    /** `glu preview …` in a job of the config repository. */
    async preview(...args: readonly string[]) {
      const ended = await execute("node", [join(root, "dist/glu.js"), "preview", ...args, "--output", "json"], {
        cwd: sandbox.folder,
        env: { ...variables("acme/config", "schedule"), GLU_TOKEN: token },
      });
      return { ...ended, answer: JSON.parse(ended.stdout || "{}") as Record<string, unknown> };
    },
    /** The action `preview-down` in a job of the app's repository, which has its own token for that. */
    async action(event: string, inputs: Record<string, string>, payload: unknown = {}) {
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      );
      const ended = await execute("node", [join(root, "dist/preview-down.js")], {
        cwd: sandbox.folder,
        env: {
          ...variables("acme/web", event, payload),
          ...given,
          ...{ "INPUT_CONFIG-REPOSITORY": "acme/config", INPUT_TOKEN: "token-of-previews-alone" },
          "INPUT_HOST-TOKEN": github.token("github-actions[bot]"),
        },
      });
      return { ...ended, outputs: outputsIn(readFileSync(join(sandbox.folder, "output"), "utf8")) };
    },
    async [Symbol.asyncDispose]() {
      expect(github.violations).toEqual([]);
      await git[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      sandbox[Symbol.dispose]();
    },
  };
}

/** `name=value` of a runner's file of outputs, each with a delimiter around its value. */
const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, name, , value]) => [name, value]),
  );
