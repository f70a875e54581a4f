import type { AskingWithToken } from "../asking.ts";
import { githubHeaders } from "../github-headers.ts";
import { judgeBranch, type RuleFixes } from "./branch-rules.ts";
import type { DiagnosisQuestion, Finding } from "./finding.ts";
import { githubActions } from "./github-actions.ts";
import { githubRules } from "./github-rules.ts";
import { githubToken } from "./github-token.ts";
import { Look } from "./look.ts";

const fixes: RuleFixes = {
  bypass:
    "put a GitHub App on the bypass list of the rule, and give its token (GLU_APP_ID and GLU_APP_PRIVATE_KEY). " +
    "The built-in GITHUB_TOKEN cannot be put there.",
  requireStatus: (name) =>
    `Add '${name}' under 'Require status checks to pass' of the branch's rule (Settings > Rules > Rulesets).`,
  see: "Run it with a token that has 'Administration: read', or look in Settings > Rules > Rulesets and Settings > Branches.",
  signatures: "Give 'commit-via: api': what GitHub commits is signed by it. Or let Git sign (commit.gpgSign).",
};

/** What of GitHub's settings is in Glu's way. */
export async function diagnoseGithub(asking: AskingWithToken, question: DiagnosisQuestion): Promise<Finding[]> {
  const { token, repository } = asking;
  const look = new Look(asking, githubHeaders(token));
  const kind = await githubToken(look, repository, token, question);
  // Who sees nothing of the repository is told that, and not the same of each thing in it.
  if (kind.some(({ check, state }) => check === "token" && state !== "ok")) return [...kind, look.clock()];
  const rules = await githubRules(look, repository, question.branch);
  const actions = await githubActions(look, repository, question);
  return [...kind, ...judgeBranch(rules, question, fixes), ...actions, look.clock()];
}
