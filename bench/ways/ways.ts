import type { Command } from "../measure/run.ts";
import { artifactOf, next, valuesPath } from "../repositories/contents.ts";
import type { EnvironmentName } from "../repositories/shape.ts";
import { glu } from "./programs.ts";

/** One change of one app: what is in testing comes to staging. */
export interface Change {
  url: string;
  app: string;
}

/** A way to make it. `glu`: decides, reads the record, writes one. `bare`: changes the file and nothing else. */
export interface Way {
  name: string;
  kind: "glu" | "bare" | "script";
  command(change: Change): Command;
}

export const environment: EnvironmentName = "staging";

export const tagOf = (app: string): string => artifactOf(app, next).images.web?.tag ?? "";

const gitBinary = { GLU_TRANSPORT: "git" };

export function promote(name: string, env: Record<string, string> = {}): Way {
  const command = ({ url, app }: Change): Command => ({
    program: process.execPath,
    args: [
      ...[glu, "promote", "--app", app, "--environment", environment, "--artifact", artifactOf(app, next).id],
      ...["--config-repository", url, "--output", "json"],
    ],
    env,
  });
  return { name, kind: "glu", command };
}

export const promoteByWire = promote("glu promote, wire");
export const promoteByGit = promote("glu promote, git binary", gitBinary);

/** @param program the path of bare-commit.ts, bundled */
export function bareCommits(program: string): Way[] {
  const way = (name: string, env: Record<string, string> = {}): Way => ({
    name,
    kind: "bare",
    command: ({ url, app }) => ({
      program: process.execPath,
      args: [program, url, valuesPath(app, environment), `apps/${app}`, tagOf(app)],
      env,
    }),
  });
  return [way("bare commit, wire"), way("bare commit, git binary", gitBinary)];
}

/** What pipelines do without Glu: clone, sed, commit, push. Arguments: URL, file, tag. */
const cloneAndPush = (options: string, push: string): string => `set -e
git clone --quiet ${options} "$1" work
cd work
sed -i.old "s/tag: \\"[^\\"]*\\"/tag: \\"$3\\"/" "$2"
git commit --quiet --message "Change the tag" -- "$2"
${push}
`;

function script(name: string, text: string): Way {
  return {
    name,
    kind: "script",
    command: ({ url, app }) => ({
      program: "sh",
      args: ["-c", text, "sh", url, valuesPath(app, environment), tagOf(app)],
    }),
  };
}

const pushOnce = "git push --quiet origin HEAD:main";

export const fullClone = script("full clone, edit, commit, push", cloneAndPush("", pushOnce));
export const depthOne = script("depth-1 clone, edit, commit, push", cloneAndPush("--depth 1", pushOnce));
/** Until it works, within reason. */
export const pullRebase = script(
  "depth-1 clone, pull --rebase until it works",
  cloneAndPush(
    "--depth 1",
    `tries=0
until ${pushOnce} 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ]
  git pull --quiet --rebase origin main
done`,
  ),
);
