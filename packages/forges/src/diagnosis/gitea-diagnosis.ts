import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { encodePath } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { type BranchRules, judgeBranch, type RuleFixes } from "./branch-rules.ts";
import { type DiagnosisQuestion, type Finding, ok, unseen } from "./finding.ts";
import { Look, why } from "./look.ts";

const fixes: RuleFixes = {
  bypass: "let the token's user push: Settings > Branches > the rule > Whitelist restricted push.",
  requireStatus: (name) => `Add '${name}' under Settings > Branches > the rule > Enable status check.`,
  see: "Run it with a token of somebody who administers the repository, or look in Settings > Branches.",
  signatures: "Let Git sign (commit.gpgSign), or turn off 'Require signed commits' in the rule.",
};

/** What of Gitea's settings is in Glu's way. */
export async function diagnoseGitea(asking: AskingWithToken, question: DiagnosisQuestion): Promise<Finding[]> {
  const { token, repository } = asking;
  const look = new Look(asking, giteaHeaders(token));
  const base = `/repos/${encodePath(repository)}`;
  const itself = await look.get(base);
  const kind = question.source === "host" ? "the job's own" : `an access token, from ${question.source}`;
  const first = judgeToken(itself, kind, repository);
  if (first.state !== "ok") return [first, look.clock()];
  const [branch, pulls, user] = await Promise.all([
    look.get(`${base}/branches/${encodePath(question.branch)}`),
    question.proposing.length > 0 ? look.get(`${base}/pulls?limit=1`) : undefined,
    question.proposing.length > 0 ? look.get("/user") : undefined,
  ]);
  const found = [first, judgeAccess(itself)];
  if (pulls !== undefined && user !== undefined) found.push(judgePulls(pulls, user));
  const about = mappingOf(branch.json);
  const name = textOf(about.effective_branch_protection_name);
  const rule = name ? await look.get(`${base}/branch_protections/${encodeURIComponent(name)}`) : undefined;
  const mayPush = branch.status === 200 ? about.user_can_push : undefined;
  const contexts = Array.isArray(about.status_check_contexts) ? about.status_check_contexts.map(String) : [];
  const rules: BranchRules = {
    refusesPush:
      mayPush === false ? [about.protected === true ? "to be among those who may push" : "write access"] : [],
    bypass: "no",
    requiredChecks: branch.status !== 200 ? undefined : about.enable_status_check === true ? contexts : [],
    reviews: Number(about.required_approvals ?? 0),
    signatures: rule?.status === 200 && mappingOf(rule.json).require_signed_commits === true,
    mergeQueue: false,
    hidden: typeof mayPush === "boolean" ? [] : [`branch: ${why(branch)}`],
  };
  if (about.protected === true && rule === undefined) {
    found.push(unseen("branch protection", "only administrators are told all of it", fixes.see));
  } else if (rule !== undefined && rule.status !== 200) found.push(unseen("branch protection", why(rule), fixes.see));
  return [...found, ...judgeBranch(rules, question, fixes), look.clock()];
}

type Answer = Awaited<ReturnType<Look["get"]>>;

function judgeToken(itself: Answer, kind: string, repository: string): Finding {
  const check = "token";
  const said = textOf(mappingOf(itself.json).message);
  if (itself.status === 200) return ok(check, kind);
  if (itself.status === 401) {
    return {
      check,
      state: "error",
      seen: `${kind}: it is not accepted`,
      fix: "Make a new one: it was deleted, or is not whole.",
    };
  }
  if (itself.status === 403 && said !== undefined && /scope/.test(said)) {
    return { check, state: "error", seen: `${kind}: ${said.slice(0, 200)}`, fix: "Make one with 'write:repository'." };
  }
  const fix = `Check the name ${repository}, and that the token's user may see it.`;
  return {
    check,
    state: itself.status === 0 ? "unseen" : "error",
    seen: `${kind}: ${repository} cannot be seen with it (${why(itself)})`,
    fix,
  };
}

function judgeAccess(itself: Answer): Finding {
  const { push, admin } = mappingOf(mappingOf(itself.json).permissions);
  if (push === true) return ok("access", admin === true ? "administers it" : "may write");
  return {
    check: "access",
    state: "error",
    seen: "its user may only read",
    fix: "Make its user a collaborator with write access.",
  };
}

/** @param user who the token is of: Glu's own proposals are found by who opened them */
function judgePulls(pulls: Answer, user: Answer): Finding {
  const check = "pull requests";
  const refused = [pulls, user].find(({ status }) => status !== 200);
  if (refused === undefined) return ok(check, "there, and may be read");
  const scopes = "a token needs 'write:issue' and 'read:user' beside 'write:repository'.";
  const fix = refused === user ? `To propose, ${scopes}` : `Turn them on in Settings > Units; ${scopes}`;
  return { check, state: refused.status === 0 ? "unseen" : "error", seen: why(refused), fix };
}
