import type { CiContext } from "@glu/core";
import { openSourceRepository, type SourceRepositoryOptions } from "@glu/git";
import { onOwnServer, remoteOfCheckout } from "../own-server.ts";

/** The context on the server that the checkout came from, and what is to be said when that is another one. */
export async function pinnedToCheckout(
  context: CiContext,
  checkout: SourceRepositoryOptions,
): Promise<{ context: CiContext; notice?: string | undefined }> {
  return onOwnServer(context, await remoteOfCheckout(openSourceRepository(checkout)));
}
