import { expect, it } from "vitest";
import { explainFailure } from "./failure.ts";

const hook = "!\tx:y\t[remote rejected] (pre-receive hook declined)";
const rules = "!\tx:y\t[remote rejected] (push declined due to repository rule violations)";
const denied = "fatal: unable to access 'https://git.test/acme/config/': The requested URL returned error: 403\n";

const gh013 = (reason: string) =>
  `remote: error: GH013: Repository rule violations found for refs/heads/main.        \nremote: Review all repository rules at https://github.com/acme/config/rules?ref=refs%2Fheads%2Fmain\nremote: \nremote: - ${reason}\nremote: \n`;
const gh006 = (reason: string) =>
  `remote: error: GH006: Protected branch update failed for refs/heads/main.        \nremote: \nremote: - ${reason}\n`;

// What each forge says, what it means, and what must stand in the fix.
it.each<[string, string, string, string, RegExp]>([
  [
    "GitHub, a job without the permission",
    `remote: Permission to acme/config.git denied to github-actions[bot].\n${denied}`,
    "",
    "read-only",
    /permissions: \{ contents: write \}.* into the job/,
  ],
  [
    "GitHub, a person's token",
    `remote: Permission to acme/config.git denied to ada.\n${denied}`,
    "",
    "read-only",
    /'Contents: write' \(fine-grained\) or the scope 'repo'/,
  ],
  [
    "GitHub, a fine-grained token or an App",
    `remote: Write access to repository not granted.\n${denied}`,
    "",
    "read-only",
    /Repository permissions > Contents: Read and write/,
  ],
  [
    "GitHub, a deploy key",
    "ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.\n",
    "",
    "read-only",
    /Allow write access/,
  ],
  [
    "GitHub, a workflow in what is pushed",
    "",
    "!\tx:y\t[remote rejected] (refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)",
    "read-only",
    /'Workflows: write'/,
  ],
  [
    "GitHub, a classic token and a workflow",
    "",
    "!\tx:y\t[remote rejected] (refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope)",
    "read-only",
    /scope 'workflow'/,
  ],
  [
    "GitHub, single sign-on",
    `remote: The 'acme' organization has enabled or enforced SAML SSO. To access\nremote: this repository, visit https://github.com/enterprises/acme/sso and try your request again.\n${denied}`,
    "",
    "unauthorised",
    /Configure SSO/,
  ],
  [
    "GitHub's rules: a pull request",
    gh013("Changes must be made through a pull request."),
    rules,
    "protected",
    /propose: true.*bypass list/,
  ],
  [
    "GitHub's rules: checks",
    gh013('Required status check "ci/test" is expected.'),
    rules,
    "protected",
    /propose: true.*checks run/,
  ],
  [
    "GitHub's rules: signatures",
    gh013("Commits must have verified signatures."),
    rules,
    "protected",
    /commit-via: api/,
  ],
  [
    "GitHub's rules: the merge queue",
    gh013("Changes must be made through the merge queue"),
    rules,
    "protected",
    /propose: true/,
  ],
  [
    "GitHub's protection: a review",
    gh006("At least 1 approving review is required by reviewers with write access."),
    "!\tx:y\t[remote rejected] (protected branch hook declined)",
    "protected",
    /propose: true/,
  ],
  [
    "GitHub's protection: who may push",
    gh006("You're not authorized to push to this branch."),
    "!\tx:y\t[remote rejected] (protected branch hook declined)",
    "protected",
    /Restrict who can push/,
  ],
  [
    "GitHub's protection: locked",
    gh006("Cannot change this locked branch"),
    "!\tx:y\t[remote rejected] (protected branch hook declined)",
    "protected",
    /Lock branch/,
  ],
  [
    "GitHub's protection, whatever it is",
    gh006("Something new."),
    "!\tx:y\t[remote rejected] (protected branch hook declined)",
    "protected",
    /bypass list/,
  ],
  [
    "GitLab, a protected branch",
    "remote: GitLab: You are not allowed to push code to protected branches on this project.\n",
    hook,
    "protected",
    /Allowed to push and merge/,
  ],
  [
    "GitLab, a job's token",
    `remote: You are not allowed to upload code.\n${denied}`,
    "",
    "read-only",
    /Allow Git push requests to the repository/,
  ],
  [
    "GitLab, a role that may not push",
    "remote: GitLab: You are not allowed to push code to this project.\n",
    hook,
    "read-only",
    /role Developer.*write_repository/,
  ],
  [
    "GitLab, a project that does not list this one",
    `remote: Authentication by CI/CD job token not allowed from acme/web to acme/config.\n${denied}`,
    "",
    "unauthorised",
    /Authorized groups and projects/,
  ],
  [
    "GitLab, a token that ended",
    "remote: HTTP Basic: Access denied. The provided password or token is incorrect or your account has 2FA enabled.\nfatal: Authentication failed for 'https://git.test/acme/config/'\n",
    "",
    "unauthorised",
    /ended or was revoked/,
  ],
  [
    "GitLab, a push rule on signatures",
    "remote: GitLab: Commit must be signed with a GPG key\n",
    hook,
    "rejected",
    /Push rules/,
  ],
  [
    "GitLab, a push rule on messages",
    "remote: GitLab: Commit message does not follow the pattern 'JIRA-\\d+'\n",
    hook,
    "rejected",
    /Push rules.*commit-message/,
  ],
  [
    "GitLab, a push rule on authors",
    "remote: GitLab: Author 'glu@example.org' is not a member of team\n",
    hook,
    "rejected",
    /author/,
  ],
  [
    "Gitea, a protected branch",
    "remote: Gitea: Not allowed to push to protected branch main\n",
    hook,
    "protected",
    /Whitelist restricted push/,
  ],
  [
    "Gitea, a user who may only read",
    "remote: Gitea: User permission denied for writing.\n",
    hook,
    "read-only",
    /write:repository/,
  ],
  [
    "Forgejo, a protected branch",
    "remote: Forgejo: Not allowed to push to protected branch main\n",
    hook,
    "protected",
    /Whitelist restricted push/,
  ],
])("%s: the error names what is missing and where to set it", (_, stderr, status, code, fix) => {
  const failed = { stderr, writing: true, location: "https://git.test/acme/config", branch: "main" };
  const error = explainFailure(status === "" ? failed : { ...failed, status });
  expect(error).toMatchObject({ code: `repository/${code}`, exitCode: 2 });
  expect(error.fix).toMatch(fix);
});

it("a hook's own words are quoted, and nothing is guessed", () => {
  const stderr = "remote: GL-HOOK-ERR: Deployments are closed on Fridays.\n";
  const failed = { stderr, status: hook, writing: true, location: "https://git.test/acme/config", branch: "main" };
  const error = explainFailure(failed);
  expect(error).toMatchObject({
    code: "repository/rejected",
    fix: expect.stringContaining("The server's words say why"),
  });
  expect(error.message).toContain("Deployments are closed on Fridays.");
});
