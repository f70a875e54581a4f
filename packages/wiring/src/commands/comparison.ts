import { compareEnvironments, isDifferent, type Revision } from "@glu/core";
import type { diff as command, InputsOf } from "@glu/inputs";
import { costOf } from "../cost.ts";
import { linksOf } from "../links.ts";
import { answer, type Outcome } from "../outcome.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import type { Repositories } from "../repositories/repositories.ts";
import type { Surroundings } from "../surroundings.ts";
import { decisionPorts } from "./decision-ports.ts";

/** What differs: inputs → use case → what there is to say. */
export async function compareThere(
  inputs: Omit<InputsOf<typeof command>, "left" | "right"> & { left: Revision; right: Revision },
  connection: ConfigConnection,
  repositories: Repositories,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { left, right, app, patch, exitCode } = inputs;
  const { location } = connection.repository;
  const { pipeline: _pipeline, ...compared } = await compareEnvironments(
    { left, right, apps: app, patch },
    await decisionPorts(connection, repositories, surroundings),
  );
  const report = {
    kind: "comparison" as const,
    ...compared,
    configLocation: location,
    links: linksOf(location, surroundings),
    cost: costOf(connection.repository.cost(), surroundings),
    now: surroundings.clock.now(),
  };
  return answer(report, exitCode && compared.apps.some(isDifferent) ? 3 : 0);
}
