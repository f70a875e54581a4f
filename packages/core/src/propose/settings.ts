import type { EnvName } from "../model/names.ts";
import type { ProposalSettings } from "../ports/proposals.ts";
import type { Run } from "../promote/attempt-on.ts";

/** How proposals of an environment are opened, as the config says it now. */
export async function settingsOf({ ports, first }: Run, environment: EnvName): Promise<ProposalSettings> {
  const pipeline = await ports.loadPipeline(first ?? (await ports.repository.open()));
  const {
    draft = false,
    labels = [],
    reviewers = [],
    assignees = [],
  } = pipeline.environments.get(environment)?.propose ?? {};
  return { draft, labels, reviewers, assignees };
}
