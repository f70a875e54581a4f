import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { artifactOf, writeArtifact } from "../product/config-world.ts";
import { Machine } from "../product/glu-process.ts";

const write = 'defaults: { write: [{ yaml: "apps/{{ app }}.yaml", set: { image.tag: "{{ images.web.tag }}" } }] }';

/**
 * Starts so many separate `glu promote` at once, `runs` for each app with the same artifact, into an environment whose
 * changes are proposed, while somebody merges whatever is finished. Checks that each app got one proposal, that what was
 * merged runs there, and that nothing else has changed.
 */
export async function proposeAndMerge({ apps: count, runs }: { apps: number; runs: number }): Promise<void> {
  const apps = Array.from({ length: count }, (_, index) => `app-${String(index + 1).padStart(2, "0")}`);
  using machine = new Machine();
  const served = mkdtempSync(join(tmpdir(), "glu-served-"));
  await using github = await GithubServer.start();
  const declared = apps.map((app) => `  ${app}: { images: { web: ghcr.io/acme/${app} } }\n`).join("");
  const files = apps.map((app) => [`apps/${app}.yaml`, `# ${app}\nimage: { tag: "0.0" }   # kept\n`]);
  const repository = github.repository("acme/config", {
    "glu.yaml": `version: 1\nenvironments: { production: { propose: true } }\n${write}\napps:\n${declared}`,
    ...Object.fromEntries(files),
  });
  const token = github.token("github-actions[bot]");
  const ada = { login: "ada", type: "User", access: "write", seesTeams: true } as const;
  mkdirSync(join(served, "acme"));
  symlinkSync(repository.git.path, join(served, "acme/config.git"));
  await using git = await GitServer.start(served);

  let running = true;
  const merging = (async () => {
    while (running) {
      mergeAll(repository, ada);
      await sleep(50);
    }
  })();
  const answers = await Promise.all(
    apps.flatMap((app, index) =>
      Array.from({ length: runs }, async (_, run) => {
        const artifact = writeArtifact(machine, artifactOf(app, index + 1), `${app}-${run}.json`);
        const env = {
          GITHUB_ACTIONS: "true",
          GITHUB_EVENT_NAME: "workflow_dispatch",
          GITHUB_REPOSITORY: "acme/config",
          GITHUB_SERVER_URL: git.origin,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_RUN_ID: String(1000 + index * runs + run),
          GITHUB_RUN_ATTEMPT: "1",
          GITHUB_JOB: "promote",
          GITHUB_REF: "refs/heads/main",
          GITHUB_SHA: repository.tip("main") ?? "",
          GLU_TOKEN: token,
        };
        const from = ["--config-repository", `${git.origin}/acme/config.git`, "-o", "json"];
        const what = ["promote", "--app", app, "--environment", "production", "--artifact", artifact];
        return { app, ended: await machine.glu([...what, ...from], { env }) };
      }),
    ),
  );
  running = false;
  await merging;
  mergeAll(repository, ada);
  rmSync(served, { recursive: true, force: true });

  // Held: it was merged after the run had read the config branch. Nothing else is in the way of any.
  for (const { app, ended } of answers) {
    const { result, decisions } = JSON.parse(ended.stdout || "{}");
    expect(["proposed", "unchanged", "held"], `${app}: ${ended.stdout}${ended.stderr}`).toContain(result);
    if (result === "held") expect(JSON.stringify(decisions)).toContain("proposal/merged");
  }
  expect(repository.pulls.map(({ head }) => head).sort()).toEqual(apps.map((app) => `glu/production/${app}`));
  expect(repository.pulls.filter(({ mergedAt }) => mergedAt === null)).toEqual([]);
  apps.forEach((app, index) => {
    const text = repository.git.git("show", `main:apps/${app}.yaml`);
    expect(text).toBe(`# ${app}\nimage: { tag: "1.${index + 1}" }   # kept`);
    const { current, history } = JSON.parse(repository.git.git("show", `main:.glu/${app}/production.json`));
    expect([current.artifact.images.web.tag, history]).toEqual([`1.${index + 1}`, []]);
  });
  // One commit for each, in a line.
  expect(repository.git.git("rev-list", "--count", "--first-parent", "main")).toBe(String(1 + count));
  expect(github.violations).toEqual([]);
}

/** What is open and finished is merged, as somebody who presses the button; of every other one GitHub removes the branch. */
function mergeAll(repository: GithubRepository, by: Parameters<GithubRepository["merge"]>[1]): void {
  for (const { number } of repository.pulls) {
    const pull = repository.pull(number);
    if (pull?.state !== "open" || !pull.body?.includes("<!-- glu:proposal")) continue;
    repository.merge(pull, by);
    if (number % 2 === 0) repository.git.git("update-ref", "-d", `refs/heads/${pull.head}`);
  }
}
