import { type CommentCommands, UserError } from "@glu/core";
import { askingAt, type ForgeAccess } from "./forge-outside.ts";
import { whenCalled } from "./when-called.ts";

/**
 * Commands in comments of the job's own repository, loaded when they are first asked for.
 * @throws UserError `preview/no-forge` where its forge may not be asked: who commands is never taken on trust
 */
export function createCommentCommands(access: ForgeAccess): CommentCommands {
  const { serverUrl, repository } = access.surroundings.context;
  const asking = serverUrl === undefined ? undefined : askingAt(access, `${serverUrl}/${repository}.git`);
  if (!asking?.token) {
    throw new UserError("preview/no-forge", `Who may command previews of ${repository} cannot be asked here.`, {
      seen: serverUrl ?? "",
      fix: "Let the config repository lie on the same server, and give the job its token: permissions: { contents: read, pull-requests: write }.",
    });
  }
  return whenCalled<CommentCommands>(async () => {
    const { createCommentCommands: create } = await import("@glu/forges");
    return create(asking);
  }, ["mayWrite", "headSince", "react"]);
}
