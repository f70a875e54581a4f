import type { Environment } from "../model/pipeline.ts";
import type { ProposalSettings } from "../ports/proposals.ts";

/** How proposals of an environment are opened. */
export function settingsOf(environment: Environment | undefined): ProposalSettings {
  const { draft = false, labels = [], reviewers = [], assignees = [] } = environment?.propose ?? {};
  return { draft, labels, reviewers, assignees };
}
