import { type BoardRow, type Pipeline, status } from "@glu/core";
import type { graph, InputsOf } from "@glu/inputs";
import { type GraphReport, renderMermaid, renderSvg } from "@glu/report";
import { linksOf } from "../links.ts";
import { answer, type Outcome } from "../outcome.ts";
import { boardNotices, runningOf } from "./running.ts";
import type { Show } from "./show-overview.ts";

/** The pipeline, and what runs of the apps that were named. */
export const drawPipeline: Show<InputsOf<typeof graph>> = async (inputs, connection, surroundings) => {
  const { repository, loadPipeline } = connection;
  const { clock } = surroundings;
  let pipeline: Pipeline;
  let rows: BoardRow[] | undefined;
  if (inputs.app.length === 0) pipeline = await loadPipeline(await repository.open());
  else ({ pipeline, rows } = await status({ apps: inputs.app, environments: [] }, { ...connection, clock }));
  const apps = [...pipeline.apps.values()].filter(({ name }) => rows === undefined || inputs.app.includes(name));
  const shown = new Set(apps.flatMap(({ environments }) => environments));
  const environments = [...pipeline.environments.values()];
  const report: GraphReport = {
    kind: "graph",
    environments: rows === undefined ? environments : environments.filter(({ name }) => shown.has(name)),
    apps,
    running: rows === undefined ? undefined : runningOf(rows, pipeline, clock.now()),
    configLocation: repository.location,
    branch: repository.branch,
    links: linksOf(repository.location, surroundings),
    cost: repository.cost(),
    now: clock.now(),
    notices: boardNotices(rows ?? []),
  };
  return { ...answer(report), drawing: drawingOf(report) };
};

/** Each is made when it is taken. */
function drawingOf(report: GraphReport): NonNullable<Outcome["drawing"]> {
  return {
    get mermaid() {
      return renderMermaid(report);
    },
    get svg() {
      return renderSvg(report);
    },
  };
}
