import type { Asking } from "../asking.ts";
import type { DiagnosisQuestion, Finding } from "./finding.ts";

export type { DiagnosisQuestion, Finding } from "./finding.ts";

/**
 * What a forge says of a token, of the rules of the config branch and of what jobs may do there. It only reads; what
 * may not be read is `unseen`, never `ok`.
 */
export async function diagnose(given: Asking, question: DiagnosisQuestion): Promise<Finding[]> {
  const { forge, token } = given;
  if (!token) return [];
  const asking = { ...given, token, apiUrl: given.apiUrl.replace(/\/+$/, "") };
  if (forge === "github") return (await import("./github-diagnosis.ts")).diagnoseGithub(asking, question);
  if (forge === "gitlab") return (await import("./gitlab-diagnosis.ts")).diagnoseGitlab(asking, question);
  return (await import("./gitea-diagnosis.ts")).diagnoseGitea(asking, question);
}
