import type { AskingWithToken } from "../asking.ts";
import { encodePath, type ForgeResponse, field, send } from "../http.ts";

/** `maintain` of GitHub is told as `write`, its `triage` as `read`. */
const writing = new Set(["owner", "admin", "write"]);
const known = new Set([...writing, "read", "none"]);

/**
 * Whether a user may write, by the level that the forge says
 * (https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user; Gitea and Forgejo have
 * the same path). One that it does not know may not, where the repository itself is seen.
 */
export async function mayWrite(user: string, { asking, headers, refuse }: MayWriteAsking): Promise<boolean> {
  const base = `/repos/${encodePath(asking.repository)}`;
  const get = (path: string) => send({ method: "GET", path, headers }, asking);
  const response = await get(`${base}/collaborators/${encodeURIComponent(user)}/permission`);
  const level = response.status === 200 ? field(response.json, "permission") : undefined;
  if (level !== undefined && known.has(level)) return writing.has(level);
  if (response.status !== 404) throw refuse(response);
  const itself = await get(base);
  if (itself.status === 200) return false;
  throw refuse(itself);
}

interface MayWriteAsking {
  asking: AskingWithToken;
  headers: Record<string, string>;
  refuse(response: ForgeResponse): Error;
}
