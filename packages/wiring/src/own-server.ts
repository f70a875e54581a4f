import type { CiContext, SourceRepository } from "@glu/core";

/**
 * The address of GitLab as the runner itself used it: the URL that the job's repository was checked out from, without
 * the project's path. Undefined where that is not known.
 * @param remote URL of the checkout's `origin`, without credentials
 */
export function serverOfCheckout(remote: string | undefined, project: string): string | undefined {
  const end = `/${project}.git`;
  return remote !== undefined && /^https?:\/\//i.test(remote) && project !== "" && remote.endsWith(end)
    ? remote.slice(0, -end.length)
    : undefined;
}

/** URL of the checkout's `origin`. Where Git cannot read the checkout (another user owns it) there is none to go by. */
export async function remoteOfCheckout(source: Pick<SourceRepository, "remote">): Promise<string | undefined> {
  try {
    return (await source.remote())?.url;
  } catch {
    return undefined;
  }
}

/**
 * On GitLab, whoever starts a pipeline can set its variables, CI_SERVER_URL and CI_API_V4_URL too, and tokens go where
 * these lead. So the server is the one that the job's repository was checked out from, where there is a checkout.
 * @returns the context, and what to say when a variable named another server
 */
export function onOwnServer(
  context: CiContext,
  remote: string | undefined,
): { context: CiContext; notice: string | undefined } {
  if (context.host !== "gitlab" || remote === undefined || !/^https?:\/\//i.test(remote)) {
    return { context, notice: undefined };
  }
  const { origin } = new URL(remote);
  const own = serverOfCheckout(remote, context.repository) ?? origin;
  const lead = (url: string | undefined, instead: string) => (originOf(url) === origin ? url : instead);
  const { serverUrl, apiUrl } = context;
  const pinned = { ...context, serverUrl: lead(serverUrl, own), apiUrl: lead(apiUrl, `${own}/api/v4`) };
  if (pinned.serverUrl === serverUrl && pinned.apiUrl === apiUrl) return { context, notice: undefined };
  const said = [serverUrl, apiUrl].filter((url) => url !== undefined && originOf(url) !== origin).join(" and ");
  const notice = `The job's repository was checked out from ${origin}, so that is the server here, not ${said || "none"}.`;
  return { context: pinned, notice };
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
