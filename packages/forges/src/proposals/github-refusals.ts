import { UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { saidBy } from "../said-by.ts";
import { refuseProposal } from "./refuse-proposal.ts";

interface Refused {
  repository: string;
  token: string;
  /** What to check when GitHub does not accept the content and does not say why. */
  invalid: string;
}

/** What GitHub's own words mean to whoever set the pipeline up; the first that fits. */
const knownReasons: readonly [RegExp, string][] = [
  [/head\b.*invalid|invalid.*\bhead\b/, "The branch of the proposal is gone: run the job again."],
  [/base\b.*invalid|invalid.*\bbase\b/, "Check that the branch to merge into exists."],
  [/draft pull requests are not supported/i, "Leave 'draft' out of 'propose': this plan of GitHub has no drafts."],
  [
    /could not resolve to a node/i,
    "The built-in GITHUB_TOKEN sees no teams: ask users, or give a token of an App with the organization permission " +
      "'members: read'.",
  ],
  [
    /only be requested from collaborators/i,
    "Check the names of the reviewers: each user and team must have access to the repository.",
  ],
];

/** The error for an answer of GitHub that keeps a proposal from being made. */
export function refuseOnGithub(response: ForgeResponse, { repository, token, invalid }: Refused): Error {
  const told = withReasons(response);
  const seen = saidBy(told, token);
  if (response.status === 403 && /not permitted to create or approve/i.test(seen)) {
    return new UserError("proposal/actions-may-not", `GitHub Actions may not open pull requests in ${repository}.`, {
      seen,
      fix:
        "Turn on 'Allow GitHub Actions to create and approve pull requests' in Settings > Actions > General of the " +
        "repository (in the organization's settings first, where it is greyed out), or give the token of a GitHub App.",
    });
  }
  return refuseProposal(told, {
    target: repository,
    token,
    permission:
      "Put 'permissions: { contents: write, pull-requests: write }' into the job, or give a token of an App or a " +
      "fine-grained personal access token with 'Contents' and 'Pull requests: write' as GLU_TOKEN.",
    missing: `Check the name ${repository}.`,
    invalid: knownReasons.find(([words]) => words.test(seen))?.[1] ?? invalid,
  });
}

/** GitHub says "Validation Failed" and gives the reasons in a list, of texts or of objects. */
export function withReasons(response: ForgeResponse): ForgeResponse {
  const { message, errors } = mappingOf(response.json);
  if (!Array.isArray(errors) || errors.length === 0) return response;
  const reasons = errors.map((error) => {
    const { message: said, field, code } = mappingOf(error);
    return textOf(error) ?? textOf(said) ?? [field, code].filter((part) => typeof part === "string").join(" ");
  });
  return { ...response, json: { message: `${textOf(message) ?? "Refused"}: ${reasons.join("; ")}` } };
}
