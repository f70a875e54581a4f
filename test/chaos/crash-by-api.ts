import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type GithubRepository, GithubServer, GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { artifactOf, ConfigWorld, writeArtifact } from "../product/config-world.ts";
import { type Ended, Machine } from "../product/glu-process.ts";

/** The death of a run at its n-th request to the API; the first is 1. */
export interface Death {
  request: number;
  /** `before`: it was not heard. `after`: it was carried out, and nobody was there for the answer. */
  moment: "before" | "after";
}

const config = `version: 1
environments:
  staging: { policy: { event: push, branch: main } }
  production: { propose: { labels: [release], reviewers: [ada] } }
defaults:
  write:
    - yaml: apps/{{ app }}/{{ env }}.yaml
      set: { image.tag: "{{ images.web.tag }}", image.digest: "{{ images.web.digest }}" }
apps:
  web: { repository: acme/web, images: { web: ghcr.io/acme/web } }
`;
const branch = "glu/production/web";

/** One job that commits to one environment and proposes to another, both by GitHub's API, as it is started again. */
interface Job extends AsyncDisposable {
  world: ConfigWorld;
  github: GithubServer;
  repository: GithubRepository;
  run(death?: Death): Promise<Ended>;
}

async function startJob(): Promise<Job> {
  const world = new ConfigWorld({ apps: ["web"], files: { "glu.yaml": config } });
  const machine = new Machine();
  const github = await GithubServer.start();
  const repository = github.repository("acme/config", world.fixture);
  repository.collaborators.add("ada");
  const token = github.token("glu-acme[bot]");
  mkdirSync(join(world.root, "acme"));
  symlinkSync(world.path, join(world.root, "acme/config.git"));
  const git = await GitServer.start(world.root, { beside: { path: "/api/", origin: github.apiUrl } });
  const artifact = writeArtifact(machine, artifactOf("web", 7));
  const named = ["--app", "web", "--environment", "staging,production", "--artifact", artifact];
  const how = ["--commit-via", "api", "--request-id", "job-1", "-o", "json"];
  const where = ["--config-repository", git.url("acme/config.git")];
  return {
    world,
    github,
    repository,
    run(death) {
      const kill = new AbortController();
      let count = 0;
      github.fault = () => {
        if (++count !== death?.request) return undefined;
        kill.abort();
        return { done: death.moment === "after", answer: "silent" };
      };
      const env = { GLU_FORGE: "github", GLU_TOKEN: token };
      return machine.glu(["promote", ...named, ...where, ...how], { env, kill: kill.signal });
    },
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      machine[Symbol.dispose]();
      world[Symbol.dispose]();
    },
  };
}

export interface Undisturbed {
  state: object;
  /** The requests to the API, in their order. */
  requests: string[];
}

/** What there is for everybody to see, with the times and what follows from them taken out. */
function stateOf({ world, repository }: Job): object {
  const timeless = (text: string) => text.replace(/"(decidedAt|releasedAt|decidedOn)": "[^"]*"/g, '"$1": "then"');
  const filesOf = (at: string) =>
    Object.fromEntries(
      world
        .git("ls-tree", "-r", "--format=%(objectmode) %(path)", at)
        .split("\n")
        .map((line) => [line, timeless(world.text(line.slice(line.indexOf(" ") + 1), at))]),
    );
  return {
    main: filesOf("main"),
    proposed: filesOf(branch),
    refs: world.git("for-each-ref", "--format=%(refname:short)"),
    commits: world.commits().map(({ paths }) => paths),
    pulls: repository.pulls.map(({ number, head, base, title, state, labels, reviewers, body }) => {
      // Its marker is what makes it a finished one. What it says of itself names times and commits.
      return { number, head, base, title, state, labels, reviewers, finished: /<!-- glu:proposal \{/.test(body ?? "") };
    }),
    status: repository.statuses.findLast(({ sha }) => sha === repository.tip(branch))?.state,
  };
}

/** What the job leaves when nobody disturbs it. */
export async function runUndisturbed(): Promise<Undisturbed> {
  await using job = await startJob();
  const ended = await job.run();
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  expect(JSON.parse(ended.stdout).cost.way).toMatch(/^api\b/);
  const requests = job.github.requests.map(({ name, body }) => {
    const query = String((body as { query?: unknown } | undefined)?.query ?? "");
    return name === "POST /graphql" ? `${name} ${/(?:createCommitOnBranch|updateRefs)/.exec(query)?.[0] ?? ""}` : name;
  });
  return { state: stateOf(job), requests };
}

/**
 * Kills the job as told, runs it again, and checks that the end is that of an undisturbed run, once and no more. Gives
 * whether the killed run had released and proposed.
 */
export async function crashAndRunAgain(death: Death, undisturbed: Undisturbed) {
  await using job = await startJob();
  const { world, repository, github } = job;
  const before = world.git("rev-parse", "main");
  const killed = await job.run(death);
  expect(killed.code, "it was killed").toBeNull();
  const [released, proposed] = [world.git("rev-parse", "main") !== before, repository.pulls.length > 0];

  const again = await job.run();
  const what = `${JSON.stringify(death)}: ${again.stdout}${again.stderr}`;
  expect(again.code, what).toBe(0);
  expect(stateOf(job), what).toEqual(undisturbed.state);
  const [commit] = world.commits();
  expect(commit?.message.match(/^Glu-Request: /gm)).toHaveLength(1);
  // The answer names what there is, whoever made it.
  expect(again.stdout).toContain(commit?.id);
  expect(again.stdout).toContain("/pull/1");
  expect(world.git("fsck", "--strict", "--no-dangling")).not.toMatch(/error|missing|broken/i);

  const third = await job.run();
  expect(third.code, third.stdout + third.stderr).toBe(0);
  expect(stateOf(job)).toEqual(undisturbed.state);
  expect(github.violations).toEqual([]);
  return { released, proposed };
}
