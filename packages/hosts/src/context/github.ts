import { type Actor, type CiContext, type EventName, type Merging, sha, type Version } from "@glu/core";
import type { Env } from "./env.ts";
import { githubEvents, releaseActions } from "./events.ts";
import { mergingOf } from "./merging.ts";
import { commitBefore, count, defined, message, numberAt, oneLine, readPayload, textAt } from "./payload.ts";
import { pullIn } from "./pull.ts";
import { branchName, tagName } from "./refs.ts";
import { parseTraceparent } from "./traceparent.ts";
import { readVariables } from "./variables.ts";

type Decided = { event: EventName } | { ignored: string };

/** Our event for GitHub's. A reusable workflow sees the event of its caller, which is what is wanted. */
function decideEvent(hostEvent: string, env: Env, payload: unknown): Decided {
  const known = Object.hasOwn(githubEvents, hostEvent) ? githubEvents[hostEvent] : undefined;
  if (known === undefined) return { ignored: `the event ${JSON.stringify(hostEvent)} has no place in a delivery` };
  if (typeof known === "object") return known;
  if (known === "push") {
    const gone = /^0+$/.test(textAt(payload, "after") ?? "") || /^0+$/.test(env.GITHUB_SHA ?? "");
    if (gone) return { ignored: "the push deleted its branch or tag: there is nothing left to deliver" };
    return { event: env.GITHUB_REF?.startsWith("refs/tags/") ? "tag" : "push" };
  }
  const action = textAt(payload, "action");
  if (known === "release" && action !== undefined && !releaseActions.includes(action)) {
    return { ignored: `a release was ${JSON.stringify(action)}; only a published one is delivered` };
  }
  return { event: known };
}

/** What follows a prefix such as `refs/heads/`, if the ref has it. */
function after(prefix: string, ref: string | undefined): string | undefined {
  return ref?.startsWith(prefix) ? ref.slice(prefix.length) : undefined;
}

/** The commit of a push, when the payload's is the one that is built: a tag's `after` can be the tag object. */
function commitFacts(payload: unknown, commit: string | undefined): Partial<Version> {
  if (commit === undefined || textAt(payload, "head_commit", "id") !== commit) return {};
  return defined({
    message: message(textAt(payload, "head_commit", "message")),
    authorName: oneLine(textAt(payload, "head_commit", "author", "name")),
    authorEmail: oneLine(textAt(payload, "head_commit", "author", "email")),
    committerName: oneLine(textAt(payload, "head_commit", "committer", "name")),
    committerEmail: oneLine(textAt(payload, "head_commit", "committer", "email")),
  });
}

/** What the event says of the version. On a pull request all of it is the head's, never the merge commit's. */
function readVersion(event: EventName | undefined, env: Env, payload: unknown): Partial<Version> {
  const base = { repositoryName: oneLine(env.GITHUB_REPOSITORY), event };
  if (event === "pr") {
    const head = textAt(payload, "pull_request", "head", "sha");
    const source = textAt(payload, "pull_request", "head", "ref");
    const target = textAt(payload, "pull_request", "base", "ref");
    const sourceBranch = branchName(source);
    return defined({
      ...base,
      sha: head === undefined ? undefined : sha(head),
      branch: sourceBranch,
      sourceBranch,
      targetBranch: branchName(target),
      url: oneLine(textAt(payload, "pull_request", "html_url")),
    });
  }
  const built = textAt(payload, "head_commit", "id") ?? env.GITHUB_SHA;
  const pushed = event === "push" || event === "tag";
  const commit = pushed ? built : env.GITHUB_SHA;
  const released = event === "release" ? textAt(payload, "release", "tag_name") : undefined;
  const server = serverOf(env);
  const url = `${server}/${env.GITHUB_REPOSITORY}/commit/${commit}`;
  return defined({
    ...base,
    sha: commit ? sha(commit) : undefined,
    branch: branchName(after("refs/heads/", env.GITHUB_REF)),
    tag: tagName(released ?? after("refs/tags/", env.GITHUB_REF)),
    ...(pushed ? commitFacts(payload, commit) : {}),
    url: server && env.GITHUB_REPOSITORY && commit ? oneLine(url) : undefined,
  });
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group */
function mergingIn(hostEvent: string, event: EventName | undefined, payload: unknown): { merging?: Merging } {
  if (hostEvent === "merge_group") {
    const at = (key: string) => textAt(payload, "merge_group", key);
    return mergingOf({ ref: at("head_ref"), commit: at("head_sha"), into: at("base_ref") });
  }
  const number = numberAt(payload, "number");
  if (event !== "pr" || number === undefined) return {};
  const side = (name: string, key: string) => textAt(payload, "pull_request", name, key);
  return mergingOf({
    ref: `refs/pull/${number}/head`,
    commit: side("head", "sha"),
    into: side("base", "ref"),
    branch: isFork(payload) ? undefined : side("head", "ref"),
  });
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delete */
function goneBranchIn(hostEvent: string, payload: unknown): { goneBranch?: string } {
  if (hostEvent !== "delete" || textAt(payload, "ref_type") !== "branch") return {};
  const ref = textAt(payload, "ref");
  // It is compared with others and nothing else.
  return defined({ goneBranch: oneLine(after("refs/heads/", ref) ?? ref) });
}

/** Without the slash that Gitea's own address, of a path of a host as well, ends with. */
const serverOf = (env: Env): string | undefined => env.GITHUB_SERVER_URL?.replace(/\/+$/, "");

/** A head in another repository, or in one that is gone. */
function isFork(payload: unknown): boolean {
  const base = textAt(payload, "pull_request", "base", "repo", "full_name");
  return base !== undefined && textAt(payload, "pull_request", "head", "repo", "full_name") !== base;
}

/** `.github/workflows/deploy.yml`: run numbers count within one file, and its name can change or be shared. */
function workflowOf(env: Env): string | undefined {
  const path = env.GITHUB_WORKFLOW_REF?.replace(/@.*$/s, "").split("/").slice(2).join("/");
  return oneLine(path) ?? oneLine(env.GITHUB_WORKFLOW);
}

/**
 * Who asks. The payload is the forge's word. A run that is started again has the payload of the first time, and GitHub
 * says who did that in a variable that nothing in a workflow can set
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/variables): that one asks now, for what may be
 * something newer by then. Gitea and Forgejo do not say it.
 */
function actorOf(host: "github" | "gitea", env: Env, sender: string | undefined): Actor {
  if (sender === undefined) return { name: oneLine(env.GITHUB_ACTOR) ?? "unknown", verified: false };
  const isAgain = host === "github" && (count(env.GITHUB_RUN_ATTEMPT) ?? 1) > 1;
  return { name: (isAgain ? oneLine(env.GITHUB_TRIGGERING_ACTOR) : undefined) ?? sender, verified: true };
}

/**
 * GitHub Actions, and Gitea and Forgejo, which speak the same variables and payloads
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/variables).
 */
export function readGithubContext(
  host: "github" | "gitea",
  env: Env,
  readFile: (path: string) => string | undefined,
  options: { matrix?: string | undefined } = {},
): CiContext {
  const hostEvent = env.GITHUB_EVENT_NAME ?? "";
  const payload = readPayload(env.GITHUB_EVENT_PATH, readFile);
  const decided = decideEvent(hostEvent, env, payload);
  const event = "event" in decided ? decided.event : undefined;
  const sender = oneLine(textAt(payload, "sender", "login"));
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const server = serverOf(env);
  const number = count(env.GITHUB_RUN_NUMBER);
  // Gitea's web pages are found by the number, GitHub's by the id.
  const page = host === "gitea" ? number : run;
  return {
    host,
    event,
    ...("ignored" in decided ? { ignored: decided.ignored } : {}),
    hostEvent,
    repository: oneLine(repository) ?? "",
    serverUrl: oneLine(server),
    apiUrl: oneLine(env.GITHUB_API_URL),
    version: event === undefined ? {} : readVersion(event, env, payload),
    ...(event === "pr" ? pullIn(payload) : {}),
    ...(hostEvent === "issue_comment" ? { comment: payload } : {}),
    ...(event === "push" ? commitBefore(textAt(payload, "before")) : {}),
    ...mergingIn(hostEvent, event, payload),
    ...goneBranchIn(hostEvent, payload),
    fork: isFork(payload),
    actor: actorOf(host, env, sender),
    run: {
      id: oneLine(run),
      number,
      attempt: count(env.GITHUB_RUN_ATTEMPT),
      workflow: workflowOf(env),
      job: oneLine(env.GITHUB_JOB),
      matrix: options.matrix,
      url:
        server && repository && page !== undefined
          ? oneLine(`${server}/${repository}/actions/runs/${page}`)
          : undefined,
      branch: branchName(after("refs/heads/", env.GITHUB_REF)),
      defaultBranch: oneLine(textAt(payload, "repository", "default_branch")),
    },
    variables: readVariables(host, env),
    traceparent: parseTraceparent(env.TRACEPARENT),
  };
}
