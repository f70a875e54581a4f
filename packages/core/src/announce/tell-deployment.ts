import { templateVariables } from "../edit/variables.ts";
import { UserError } from "../errors.ts";
import { shortRef } from "../model/names.ts";
import type { Deployment } from "../ports/deployments.ts";
import { pastGates, versionLabel } from "../promote/release.ts";
import type { Arrival } from "./arrivals.ts";
import type { AnnouncePorts, Audience } from "./audience.ts";
import { placeName } from "./place-name.ts";

/**
 * Tells of a release as a deployment: in the source repository of the source commit, in the config repository of the
 * config commit.
 * @returns its page, and that of the app; without the first on a forge that has no deployments
 */
export async function tellDeployment(
  arrival: Arrival,
  { audience, isSource }: { audience: Audience; isSource: boolean },
  { templates, run }: Pick<AnnouncePorts, "templates" | "run">,
): Promise<{ url: string | undefined; page: string | undefined }> {
  const { app, environment, notify, release, commit, repository } = arrival;
  const { artifact } = release;
  const { version } = artifact;
  const at = isSource ? version.sha : commit;
  // A commit that history no longer has: there is nothing to show.
  if (at === undefined) return { url: undefined, page: undefined };
  const variables = templateVariables(app, artifact, environment);
  const { url, name, success = "verified" } = notify.deployment ?? {};
  const page = url === undefined ? undefined : webAddress(templates.render(url, variables));
  const isTag = version.branch === "" && version.tag !== undefined && version.tag !== "";
  const source = isTag ? { name: version.tag ?? "", isTag } : { name: version.branch || version.sha, isTag: false };
  const told = await audience.deployments.tell({
    of: { request: release.request, app: app.name, environment: environment.name },
    environment: name === undefined ? placeName(arrival, isSource) : templates.render(name, variables),
    tier: environment.tier,
    isTransient: false,
    commit: at,
    ref: isSource ? source : { name: shortRef(repository.branch), isTag: false },
    description: `${app.name} ${versionLabel(artifact)}${pastGates(release)}`,
    facts: {
      artifact: artifact.id,
      version: versionLabel(artifact),
      kind: release.kind,
      source: version.sha,
      ...(commit === undefined ? {} : { config: commit }),
    },
    state: stateOf(release.state, success),
    page,
    log: run,
  });
  return { url: told, page };
}

/** What is committed is not running yet: unless the config says that it counts, only what was verified is a success. */
function stateOf(state: Arrival["release"]["state"], success: "committed" | "verified"): Deployment["state"] {
  if (state === "failed") return "failure";
  return state === "healthy" || success === "committed" ? "success" : "in-progress";
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UserError("deployment/address", `${JSON.stringify(text)} is no address of a page.`, {
    seen: text,
    fix: "Let 'notify.deployment.url' begin with https://.",
  });
}
