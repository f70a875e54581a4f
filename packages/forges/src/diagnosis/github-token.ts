import { encodePath } from "../http.ts";
import { mappingOf } from "../json.ts";
import { type DiagnosisQuestion, type Finding, ok, unseen } from "./finding.ts";
import { type Look, why } from "./look.ts";

/** What a permission is looked at by, and who needs it. */
interface Probe {
  permission: string;
  path: string;
}

/** What a token is, and what it may do there. Nothing is written to find out, so writing stays unseen where it is not told. */
export async function githubToken(
  look: Look,
  repository: string,
  token: string,
  question: DiagnosisQuestion,
): Promise<Finding[]> {
  const base = `/repos/${encodePath(repository)}`;
  const itself = await look.get(base);
  const kind = kindOf(token, question.source);
  if (itself.status === 401) {
    const fix = "Make a new one: it ended, was revoked, or is not whole.";
    return [{ check: "token", state: "error", seen: `${kind}: it is not accepted`, fix }];
  }
  if (itself.status !== 200 || mappingOf(itself.json).full_name === undefined) {
    const fix = `Check the name ${repository}, and that the token may see it: of an App its installation, of a fine-grained one its list of repositories.`;
    const state = itself.status === 0 || itself.status === 200 ? "unseen" : "error";
    return [{ check: "token", state, seen: `${kind}: ${repository} cannot be seen with it (${why(itself)})`, fix }];
  }
  const scopes = itself.headers.get("x-oauth-scopes");
  if (scopes !== null) return [ok("token", kind), judgeScopes(scopes, question)];
  if (question.granted !== undefined) return [ok("token", kind), ...judgeGranted(question.granted, question)];
  const probes: readonly Probe[] = [
    { permission: "contents", path: `${base}/commits?per_page=1` },
    ...(question.proposing.length > 0 ? [{ permission: "pull-requests", path: `${base}/pulls?per_page=1` }] : []),
  ];
  return [ok("token", kind), ...(await Promise.all(probes.map((probe) => judgeProbe(look, probe))))];
}

function kindOf(token: string, source: DiagnosisQuestion["source"]): string {
  if (source === "app") return "a GitHub App's, made from its key";
  if (source === "host") return "the job's own (GITHUB_TOKEN)";
  if (token.startsWith("github_pat_")) return `a fine-grained personal access token, from ${source}`;
  if (token.startsWith("ghp_")) return `a classic personal access token, from ${source}`;
  return token.startsWith("ghs_") ? `a GitHub App's, from ${source}` : `a token from ${source}`;
}

function judgeScopes(scopes: string, { proposing }: DiagnosisQuestion): Finding {
  const check = "scopes";
  const has = scopes.split(/[\s,]+/).filter((one) => one !== "");
  const seen = has.length === 0 ? "none" : has.join(", ");
  if (has.includes("repo")) return ok(check, seen);
  if (has.includes("public_repo")) {
    return {
      check,
      state: "warning",
      seen,
      fix: "It serves public repositories alone: private ones need the scope 'repo'.",
    };
  }
  const fix = `Give it the scope 'repo', or take a fine-grained one with 'Contents: write'${proposing.length > 0 ? " and 'Pull requests: write'" : ""}.`;
  return { check, state: "error", seen, fix };
}

function judgeGranted(granted: Readonly<Record<string, string>>, { proposing }: DiagnosisQuestion): Finding[] {
  const needs = ["contents", ...(proposing.length > 0 ? ["pull_requests"] : [])];
  return needs.map((name): Finding => {
    const check = `permission ${name}`;
    const title = name === "contents" ? "Contents" : "Pull requests";
    if (granted[name] === "write") return ok(check, "write");
    const fix = `Set 'Repository permissions > ${title}: Read and write' in the App's settings, and accept it where it is installed.`;
    return { check, state: "error", seen: granted[name] ?? "none", fix };
  });
}

async function judgeProbe(look: Look, { permission, path }: Probe): Promise<Finding> {
  const check = `permission ${permission}`;
  const answer = await look.get(path);
  const line = `Put 'permissions: { ${permission}: write }' into the job; of a fine-grained token or an App it is '${permission === "contents" ? "Contents" : "Pull requests"}: write'.`;
  // An empty repository has no commits.
  if (answer.status === 200 || answer.status === 409) {
    return unseen(check, "it may read; whether it may write shows when it writes", line);
  }
  if (answer.status === 403 || answer.status === 404) {
    const accepted = answer.headers.get("x-accepted-github-permissions");
    const seen = `it may not even read${accepted === null ? "" : `: GitHub wants ${accepted}`}`;
    return { check, state: "error", seen, fix: line };
  }
  return unseen(check, why(answer), line);
}
