import { encodePath } from "../http.ts";
import { mappingOf } from "../json.ts";
import { type DiagnosisQuestion, type Finding, ok, unseen } from "./finding.ts";
import { type Look, why } from "./look.ts";

const settings = "Settings > Actions > General";
const toSee = "Look there yourself, or run it with a token that has 'Administration: read'.";

/** What a repository lets its workflows do (https://docs.github.com/en/rest/actions/permissions). */
export async function githubActions(look: Look, repository: string, question: DiagnosisQuestion): Promise<Finding[]> {
  const base = `/repos/${encodePath(repository)}/actions/permissions`;
  const [may, workflow] = await Promise.all([look.get(base), look.get(`${base}/workflow`)]);
  const { allowed_actions, enabled, sha_pinning_required } = mappingOf(may.json);
  const selected =
    may.status === 200 && allowed_actions === "selected" ? await look.get(`${base}/selected-actions`) : undefined;
  const found: Finding[] = [];
  if (may.status !== 200)
    found.push(unseen("allowed actions", why(may), `${settings} > Actions permissions. ${toSee}`));
  else if (enabled === false) {
    found.push(refuse("allowed actions", "Actions are switched off", `Switch them on in ${settings}.`));
  } else if (allowed_actions === "local_only") {
    const fix = `Allow 'glu/*' in ${settings} > Actions permissions.`;
    found.push(refuse("allowed actions", "only those of the owner's repositories", fix));
  } else if (selected !== undefined) found.push(judgeSelected(selected));
  else if (allowed_actions === "all") found.push(ok("allowed actions", "all"));
  else found.push(unseen("allowed actions", "its answer is not understood", toSee));
  if (sha_pinning_required === true) {
    const fix = "Write the commit of a release behind the @ in 'uses', and the version in a comment.";
    found.push({ check: "pinned actions", state: "warning", seen: "actions must be pinned by their commit", fix });
  }
  return [...found, ...judgeWorkflow(workflow, question)];
}

function judgeSelected(selected: Awaited<ReturnType<Look["get"]>>): Finding {
  const check = "allowed actions";
  const patterns = mappingOf(selected.json).patterns_allowed;
  if (selected.status !== 200 || !Array.isArray(patterns)) return unseen(check, why(selected), toSee);
  const listed = patterns.map(String);
  // A pattern may end with a star and with a version; one with an exclamation mark forbids.
  const isOurs = (pattern: string) => /^(?:\*|glu\/)/.test(pattern);
  const seen = listed.length === 0 ? "selected ones, and none by name" : `selected ones: ${listed.join(", ")}`;
  if (listed.some((pattern) => !pattern.startsWith("!") && isOurs(pattern))) return ok(check, seen);
  return refuse(check, seen, `Add 'glu/*' in ${settings} > Allow specified actions.`);
}

function judgeWorkflow(
  workflow: Awaited<ReturnType<Look["get"]>>,
  { proposing, source }: DiagnosisQuestion,
): Finding[] {
  const check = "workflow permissions";
  const block = `contents: write${proposing.length > 0 ? ", pull-requests: write" : ""}`;
  const fix = `Put 'permissions: { ${block} }' into the job.`;
  const told = workflow.status === 200 ? mappingOf(workflow.json).default_workflow_permissions : undefined;
  if (told !== "read" && told !== "write") return [unseen(check, why(workflow), `${fix} ${settings}. ${toSee}`)];
  const { can_approve_pull_request_reviews } = mappingOf(workflow.json);
  const found = [
    told === "write"
      ? ok(check, "a job may write unless it says otherwise")
      : { check, state: "ok" as const, seen: "a job may read unless it says otherwise", fix },
  ];
  if (proposing.length === 0) return found;
  const proposals = "pull requests by Actions";
  if (can_approve_pull_request_reviews === true) return [...found, ok(proposals, "allowed")];
  const state = source === "host" ? "error" : "ok";
  const seen = source === "host" ? "not allowed" : "not allowed, and not needed with this token";
  const allow = `Turn on 'Allow GitHub Actions to create and approve pull requests' in ${settings}, or give the token of a GitHub App.`;
  return [...found, { check: proposals, state, seen, fix: source === "host" ? allow : "" }];
}

const refuse = (check: string, seen: string, fix: string): Finding => ({ check, state: "error", seen, fix });
