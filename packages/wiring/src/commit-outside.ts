import { type Approvals, type Checks, noOutside, OutsideError, oncePer, type RepositoryCommit } from "@glu/core";
import { askingAt, askingOf, type ForgeAccess } from "./forge-outside.ts";
import { locateBeside } from "./repositories/locate.ts";
import { whenCalled } from "./when-called.ts";

/** Statuses, check runs and jobs of commits, each commit asked for once, loaded when they are first asked. */
export function checksOf(access: ForgeAccess): Checks {
  const once = oncePer<Awaited<ReturnType<Checks["of"]>>>();
  const checks = whenCalled<Checks>(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.checks;
    const { createChecks } = await import("@glu/forges");
    const here = createChecks(asking, ownRunOf(access));
    return { of: async (commit, signal) => here.of({ ...commit, repository: nameOf(access, commit) }, signal) };
  }, ["of"]);
  return { of: (commit, signal) => once(keyOf(commit), () => checks.of(commit, signal)) };
}

/** What people approved, each commit and proposal asked for once, loaded when it is first asked. */
export function approvalsOf(access: ForgeAccess): Approvals {
  const authors = oncePer<Awaited<ReturnType<Approvals["authors"]>>>();
  const ofSource = oncePer<Awaited<ReturnType<Approvals["ofSource"]>>>();
  const ofRun = oncePer<Awaited<ReturnType<Approvals["ofRun"]>>>();
  const approvals = whenCalled<Approvals>(async () => {
    const asking = askingOf(access);
    if (asking === undefined) return noOutside.approvals;
    const { createApprovals } = await import("@glu/forges");
    const here = createApprovals(asking, ownRunOf(access));
    const at = <T extends { repository: string }>(one: T): T => ({ ...one, repository: nameOf(access, one) });
    return {
      ofProposal: async (proposal, signal) => here.ofProposal(at(proposal), signal),
      ofSource: async (commit, signal) => here.ofSource(at(commit), signal),
      ofRun: async (environment, signal) => here.ofRun(environment, signal),
      authors: async (commit, signal) => here.authors(at(commit), signal),
    };
  }, ["ofProposal", "ofSource", "ofRun", "authors"]);
  return {
    // A proposal's reviews are asked for by each look at it: they are what changes.
    ofProposal: (proposal, signal) => approvals.ofProposal(proposal, signal),
    ofSource: (commit, signal) => ofSource(keyOf(commit), () => approvals.ofSource(commit, signal)),
    ofRun: (environment, signal) => ofRun(environment, () => approvals.ofRun(environment, signal)),
    authors: (commit, signal) => authors(keyOf(commit), () => approvals.authors(commit, signal)),
  };
}

const keyOf = ({ repository, commit }: RepositoryCommit): string => `${repository}\0${commit}`;

/** The name of a repository on the forge of the run. @throws OutsideError `forge/elsewhere` */
function nameOf(access: ForgeAccess, { repository }: { repository: string }): string {
  const { serverUrl } = access.surroundings.context;
  const location = locateBeside(repository, access.location, serverUrl);
  const asking = location === undefined ? undefined : askingAt(access, location);
  if (asking !== undefined) return asking.repository;
  throw new OutsideError("forge/elsewhere", `${repository} does not lie on the forge that this runs on.`, {
    seen: repository,
    fix: "Ask for the checks and approvals of repositories on the forge of the pipeline only.",
  });
}

/** The run as its own forge knows it. */
function ownRunOf({ surroundings: { context, env } }: ForgeAccess) {
  const { id, number } = context.run;
  if (context.host !== "gitlab") return { run: id, number };
  // A child of another pipeline of this project, or of one of another project.
  const isTriggered = ["parent_pipeline", "pipeline"].includes(context.hostEvent);
  return { run: id, number, job: env.CI_JOB_ID, isTriggered };
}
