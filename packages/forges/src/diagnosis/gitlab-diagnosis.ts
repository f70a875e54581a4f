import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders } from "../gitlab-headers.ts";
import { mappingOf, textOf } from "../json.ts";
import { type BranchRules, judgeBranch, type RuleFixes } from "./branch-rules.ts";
import { type DiagnosisQuestion, type Finding, ok, unseen } from "./finding.ts";
import { Look, why } from "./look.ts";

const fixes: RuleFixes = {
  bypass:
    "let the role of the token's bot user push in Settings > Repository > Protected branches > Allowed to push and merge.",
  requireStatus: (name) =>
    `Turn on 'Pipelines must succeed' in Settings > Merge requests: then '${name}', too, keeps a merge request from being merged.`,
  see: "Run it with a token of the role Maintainer, or look in Settings > Repository > Protected branches.",
  signatures:
    "Let Git sign (commit.gpgSign), or turn off 'Reject unsigned commits' in Settings > Repository > Push rules.",
};

const maintainer = "Run it with a token of the role Maintainer, or look in Settings > CI/CD > Job token permissions.";

/** What of GitLab's settings is in Glu's way. */
export async function diagnoseGitlab(asking: AskingWithToken, question: DiagnosisQuestion): Promise<Finding[]> {
  const { token, repository } = asking;
  if (question.source === "host") return diagnoseJobToken(asking, question);
  const look = new Look(asking, gitlabHeaders(token));
  const base = `/projects/${encodeURIComponent(repository)}`;
  const [itself, project] = await Promise.all([look.get("/personal_access_tokens/self"), look.get(base)]);
  const kind = [...judgeToken(itself, question), ...judgeProject(project, repository, question)];
  if (project.status !== 200) return [...kind, look.clock()];
  const [branch, pushRule, scope] = await Promise.all([
    look.get(`${base}/repository/branches/${encodeURIComponent(question.branch)}`),
    look.get(`${base}/push_rule`),
    look.get(`${base}/job_token_scope`),
  ]);
  const settings = mappingOf(project.json);
  const mayPush = branch.status === 200 ? mappingOf(branch.json).can_push : undefined;
  const isProtected = mappingOf(branch.json).protected !== false;
  const pipelines = settings.only_allow_merge_if_pipeline_succeeds;
  const rules: BranchRules = {
    refusesPush: mayPush === false ? [`a role that may push to ${isProtected ? "the protected branch" : "it"}`] : [],
    bypass: "no",
    requiredChecks: pipelines === true ? "all" : pipelines === false ? [] : undefined,
    reviews: Number(settings.approvals_before_merge ?? 0) || 0,
    signatures: pushRule.status === 200 && mappingOf(pushRule.json).reject_unsigned_commits === true,
    mergeQueue: settings.merge_trains_enabled === true,
    hidden: typeof mayPush === "boolean" ? [] : [`branch: ${why(branch)}`],
  };
  return [...kind, ...judgeBranch(rules, question, fixes), judgeScope(scope), judgeVariables(settings), look.clock()];
}

/** A job's token may ask for next to nothing: what it may do is set elsewhere. */
async function diagnoseJobToken(asking: AskingWithToken, { direct, proposing }: DiagnosisQuestion): Promise<Finding[]> {
  const look = new Look(asking, { "job-token": asking.token });
  const job = await look.get("/job");
  const user = textOf(mappingOf(mappingOf(job.json).user).username);
  const found: Finding[] = [
    job.status === 200
      ? ok("token", `the job's own (CI_JOB_TOKEN)${user === undefined ? "" : `, as ${user}`}`)
      : {
          check: "token",
          state: "error",
          seen: `the job's own: ${why(job)}`,
          fix: "It counts only while its job runs.",
        },
  ];
  if (direct.length > 0) {
    const fix =
      "Turn on 'Allow Git push requests to the repository' in Settings > CI/CD > Job token permissions, or give a " +
      "project access token with 'write_repository' as GLU_TOKEN.";
    found.push(unseen("push by the job's token", "a job token may read no settings", fix));
  }
  if (proposing.length > 0) {
    const fix =
      "Give a project access token with the role Developer and the scopes 'api' and 'write_repository' as GLU_TOKEN.";
    found.push({ check: "merge requests", state: "error", seen: "no job token can open them", fix });
  }
  return [...found, look.clock()];
}

type Answer = Awaited<ReturnType<Look["get"]>>;

function judgeToken(itself: Answer, { proposing, source }: DiagnosisQuestion): Finding[] {
  if (itself.status === 401) {
    const fix = "Make a new one: it ended, was revoked, or is not whole. A deploy token has no API.";
    return [{ check: "token", state: "error", seen: `from ${source}: it is not accepted`, fix }];
  }
  const { scopes, name, expires_at } = mappingOf(itself.json);
  if (itself.status !== 200 || !Array.isArray(scopes)) return [unseen("token", why(itself))];
  const until = textOf(expires_at);
  const has = scopes.map(String);
  const token = ok(
    "token",
    `'${textOf(name) ?? ""}', from ${source}, ${until === undefined ? "without an end" : `until ${until}`}`,
  );
  const needs = proposing.length > 0 ? ["api", "write_repository"] : ["write_repository"];
  // Git takes the scope api for both.
  const missing = needs.filter((scope) => !has.includes(scope) && !has.includes("api"));
  if (missing.length === 0) return [token, ok("scopes", has.join(", "))];
  const fix = `Make one with the scopes ${needs.map((scope) => `'${scope}'`).join(" and ")}.`;
  return [token, { check: "scopes", state: "error", seen: has.join(", ") || "none", fix }];
}

const roles: readonly [number, string][] = [
  [50, "Owner"],
  [40, "Maintainer"],
  [30, "Developer"],
  [20, "Reporter"],
  [10, "Guest"],
];

function judgeProject(project: Answer, repository: string, { proposing }: DiagnosisQuestion): Finding[] {
  if (project.status !== 200) {
    const fix = `Check the path ${repository}. A project access token sees its own project alone.`;
    const state = project.status === 0 ? "unseen" : "error";
    return [{ check: "role", state, seen: `${repository} cannot be seen with it (${why(project)})`, fix }];
  }
  const { permissions, merge_requests_access_level } = mappingOf(project.json);
  const { project_access, group_access } = mappingOf(permissions);
  const levels = [project_access, group_access].map((one) => Number(mappingOf(one).access_level ?? 0));
  const level = Math.max(...levels);
  const role = roles.find(([least]) => level >= least)?.[1] ?? "none";
  const found: Finding[] = [
    level >= 30
      ? ok("role", role)
      : { check: "role", state: "error", seen: role, fix: "It takes the role Developer, or higher." },
  ];
  if (proposing.length > 0 && merge_requests_access_level === "disabled") {
    const fix = "Turn them on in Settings > General > Visibility, project features, permissions.";
    found.push({ check: "merge requests", state: "error", seen: "switched off", fix });
  }
  return found;
}

function judgeScope(scope: Answer): Finding {
  const check = "job token allow-list";
  const isOn = scope.status === 200 ? mappingOf(scope.json).inbound_enabled : undefined;
  if (typeof isOn !== "boolean") return unseen(check, why(scope), maintainer);
  if (!isOn) {
    const fix =
      "Set 'Only this project and any groups and projects in the allowlist' in Settings > CI/CD > Job token permissions.";
    return { check, state: "warning", seen: "jobs of every project may reach this one", fix };
  }
  return ok(check, "only listed projects' jobs may reach this one");
}

function judgeVariables({
  ci_pipeline_variables_minimum_override_role: role,
}: Readonly<Record<string, unknown>>): Finding {
  const check = "pipeline variables";
  if (textOf(role) === undefined)
    return unseen(check, "it is told to maintainers alone", "Settings > CI/CD > Variables.");
  if (role === "no_one_allowed") return ok(check, "no one may set them");
  const fix =
    "Set 'Minimum role to use pipeline variables: No one allowed' in Settings > CI/CD > Variables: they win over every input.";
  return { check, state: "warning", seen: `may be set by ${role}`, fix };
}
