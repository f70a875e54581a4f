import { createTemplates } from "@glu/config";
import { type PromotePorts, programGates } from "@glu/core";
import { editors } from "@glu/editors";
import { loadArtifactStore } from "@glu/git";
import { artifactFileReader } from "../artifact-file.ts";
import { createOutside } from "../outside.ts";
import { createProposing } from "../proposing.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import { refuseSecret } from "../secrets.ts";
import { createMarking } from "../statuses.ts";
import type { Surroundings } from "../surroundings.ts";

/** What a decision is made with, whether it is carried out or only told. */
export async function decisionPorts(
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<PromotePorts> {
  const { cwd, redact, clock, logger } = surroundings;
  // Artifacts and records are then asked for together.
  await loadArtifactStore();
  const readFileText = artifactFileReader(cwd);
  const access = { surroundings, token: repositories.token, location: connection.repository.location };
  return {
    ...connection,
    readArtifactFile: async (path) => {
      const text = await readFileText(path);
      refuseSecret("artifact", text, redact);
      return text;
    },
    editors,
    gates: programGates,
    outside: createOutside(access, repositories.evaluator.functions),
    proposing: createProposing(access),
    statuses: createMarking(access),
    templates: await createTemplates(),
    clock,
    logger,
    source: repositories.source,
  };
}
