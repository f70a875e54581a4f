import type { GithubServer } from "@glu/testing/internal";
import { parse } from "yaml";

interface Job {
  permissions?: Record<string, "read" | "write">;
  steps?: { uses?: string }[];
}

/**
 * A job's own token that may do what a workflow has given each of its jobs that run Glu, and no more: what an example does
 * not ask for must not be needed.
 */
export function jobToken(github: GithubServer, workflow: string): string {
  const { jobs } = parse(workflow) as { jobs: Record<string, Job> };
  const own = Object.values(jobs).filter(({ steps = [] }) => steps.some(({ uses }) => uses?.startsWith("glu/")));
  const [first = {}, ...others] = own.map(({ permissions = {} }) => permissions);
  const permissions = Object.fromEntries(
    Object.entries(first).filter(([name, level]) => others.every((one) => one[name] === level)),
  );
  return github.token("github-actions[bot]", { permissions });
}
