import { type Actor, OutsideError } from "@glu/core";
import { type ForgeConnection, send } from "./http.ts";

/**
 * Who started this job on GitLab, by the job's own token (https://docs.gitlab.com/api/jobs/#get-job-tokens-job): unlike
 * `GITLAB_USER_LOGIN`, which whoever starts a pipeline can override. Best effort: `undefined` when GitLab does not say.
 */
export async function verifiedActor(connection: ForgeConnection, jobToken: string): Promise<Actor | undefined> {
  if (jobToken === "") return undefined;
  try {
    const request = { method: "GET", path: "/job", headers: { "job-token": jobToken } } as const;
    const { status, json } = await send(request, connection);
    const user = status === 200 ? (json as { user?: { username?: unknown } } | undefined)?.user : undefined;
    const name = user?.username;
    return typeof name === "string" && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(name)
      ? { name, verified: true }
      : undefined;
  } catch (error) {
    // The name stays unverified, which is what it was before; nothing else depends on this call.
    if (error instanceof OutsideError) return undefined;
    throw error;
  }
}
