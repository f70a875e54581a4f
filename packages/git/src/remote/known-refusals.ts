/** What a server's words to a push, or to a read, mean, and the setting or line that changes it. */
export interface KnownRefusal {
  when: RegExp;
  code: "protected" | "read-only" | "unauthorised" | "rejected";
  /** What is missing, in the forge's own terms, with where it is set. */
  fix: string;
}

const propose = "Write 'propose: true' for the environment, so that a pull request brings it";
const bypass =
  "put a GitHub App on the bypass list of the rule and give it (GLU_APP_ID and GLU_APP_PRIVATE_KEY), since the job's " +
  "built-in token cannot bypass rules";
const gitlabToken = "give a project access token with the role Developer and the scope 'write_repository' as GLU_TOKEN";

/**
 * By the words of GitHub, GitLab, Gitea and Forgejo; the first that fits. Names are taken out of the words before, so
 * that none of these matches what a branch or a repository is called. What fits none is explained by the words of Git
 * itself.
 */
export const knownRefusals: readonly KnownRefusal[] = [
  // GitHub. A rule set has its reasons in a list, below "GH013"; the classic protection below "GH006".
  {
    when: /(?:GH006|GH013).*(?:verified signatures|must have valid signatures|commit signature)/is,
    code: "protected",
    fix: `Give 'commit-via: api', so that GitHub signs the commit; or let Git sign (commit.gpgSign); or ${bypass}.`,
  },
  {
    when: /(?:GH006|GH013).*(?:status check|workflow|code scanning|deployments?\b.*must)/is,
    code: "protected",
    fix: `${propose} and the checks run on it before; or ${bypass}.`,
  },
  {
    when: /(?:GH006|GH013).*(?:through (?:a|the) (?:pull request|merge queue)|approving review|merge queue)/is,
    code: "protected",
    fix: `${propose}; or ${bypass}.`,
  },
  {
    when: /(?:GH006|GH013).*locked branch/is,
    code: "protected",
    fix: "Unlock the branch: Settings > Branches > the rule > Lock branch.",
  },
  {
    when: /GH006.*not authorized to push/is,
    code: "protected",
    fix: `Let the token's user or App push: Settings > Branches > the rule > Restrict who can push; or ${bypass}.`,
  },
  { when: /GH006|GH013/, code: "protected", fix: `${propose}; or ${bypass}.` },
  {
    when: /denied to github-actions\[bot\]/i,
    code: "read-only",
    fix: "Put 'permissions: { contents: write }' into the job. For another repository the built-in token never serves: give the token of a GitHub App.",
  },
  {
    when: /refusing to allow .* to create or update workflow .* without .?workflows?.? (?:permission|scope)/i,
    code: "read-only",
    fix: "Give the App 'Workflows: write', or the classic token the scope 'workflow': the commits that are pushed change a workflow.",
  },
  {
    when: /write access to repository not granted/i,
    code: "read-only",
    fix: "Give the fine-grained token or the App 'Contents: write' on the repository (Repository permissions > Contents: Read and write); in a job put 'permissions: { contents: write }'.",
  },
  {
    when: /permission to .* denied to (?:deploy key|.*-key)\b|key .*marked as read[- ]only/i,
    code: "read-only",
    fix: "Make the deploy key with 'Allow write access' (GitHub, Gitea), or 'Grant write permissions to this key' (GitLab).",
  },
  {
    when: /permission to .* denied to/i,
    code: "read-only",
    fix: "Give the user of the token write access to the repository, and the token 'Contents: write' (fine-grained) or the scope 'repo' (classic).",
  },
  {
    when: /resource protected by organization SAML|enabled or enforced SAML SSO/i,
    code: "unauthorised",
    fix: "Authorise the token for the organisation's single sign-on: Settings > Developer settings > the token > Configure SSO.",
  },
  // GitLab.
  {
    when: /not allowed to (?:force )?push code to (?:a )?protected branch/i,
    code: "protected",
    fix: "Let the role of the token's bot user push: Settings > Repository > Protected branches > Allowed to push and merge; or write 'propose: true' for the environment.",
  },
  {
    when: /CI\/CD job token not allowed|job token .*not .*allow/i,
    code: "unauthorised",
    fix: "In the project that is asked, add this one: Settings > CI/CD > Job token permissions > Authorized groups and projects.",
  },
  {
    when: /not allowed to (?:upload code|push code)/i,
    code: "read-only",
    fix: `In a job turn on 'Allow Git push requests to the repository' (Settings > CI/CD > Job token permissions), or ${gitlabToken}.`,
  },
  {
    when: /commit must be signed|unsigned commits?|not verified .*GPG/i,
    code: "rejected",
    fix: "Let Git sign (commit.gpgSign), or turn off 'Reject unsigned commits' in Settings > Repository > Push rules.",
  },
  {
    when: /commit message does not follow the pattern|(?:author|committer)(?:'s email)? .*(?:does not follow the pattern|is not a member of team|not verified)/i,
    code: "rejected",
    fix: "Change the push rule (Settings > Repository > Push rules), or give 'commit-message' and 'author' as it wants them.",
  },
  {
    when: /HTTP Basic: Access denied/i,
    code: "unauthorised",
    fix: `Make a new token if it ended or was revoked; ${gitlabToken}. A deploy token needs its own user name, and so serves with a credential helper only.`,
  },
  // Gitea and Forgejo.
  {
    when: /(?:Gitea|Forgejo): (?:Not allowed to push to protected|.*protected branch .*can not be pushed|branch .* is protected)/i,
    code: "protected",
    fix: "Let the token's user push: Settings > Branches > the rule > Whitelist restricted push. A job's own token cannot be put there: give that user's token as GLU_TOKEN; or write 'propose: true' for the environment.",
  },
  {
    when: /User permission denied for writing/i,
    code: "read-only",
    fix: "Put 'permissions: { contents: write }' into the job, or give a token with the scope 'write:repository' of a user who may write.",
  },
];
