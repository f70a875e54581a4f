import type { Environment, Pipeline } from "../model/pipeline.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { type BoardRow, boardOf } from "../promote/board.ts";
import { type Candidate, candidatesOf } from "../promote/candidates.ts";
import type { LoadPipeline } from "../promote/options.ts";
import { Tips } from "../state/tips.ts";

export interface OverviewPorts {
  repository: ConfigRepository;
  loadPipeline: LoadPipeline;
  repositoryOf(environment: Environment): ConfigRepository;
  clock: Clock;
}

/** Names; empty: all. */
export interface OverviewRequest {
  apps: readonly string[];
  environments: readonly string[];
}

export interface StatusResult {
  pipeline: Pipeline;
  rows: BoardRow[];
}

interface Seen {
  pipeline: Pipeline;
  candidates: Candidate[];
  tips: Tips;
}

async function look(request: OverviewRequest, ports: OverviewPorts): Promise<Seen> {
  const tip = await ports.repository.open();
  const pipeline = await ports.loadPipeline(tip);
  const candidates = candidatesOf(pipeline, request);
  const { repository, repositoryOf } = ports;
  const tips = new Tips({ target: repository, tip, config: repository, configTip: tip, pipeline, repositoryOf });
  await tips.load(candidates.map(({ app, environment }) => ({ app: app.name, environment: environment.name })));
  return { pipeline, candidates, tips };
}

/** What runs where: the records at the tip. Reading these files is all there is to it. */
export async function status(request: OverviewRequest, ports: OverviewPorts): Promise<StatusResult> {
  const { pipeline, candidates, tips } = await look(request, ports);
  const wanted = new Set(candidates.map(({ app, environment }) => `${app.name}\0${environment.name}`));
  const rows = boardOf({ candidates, decisions: [], state: tips.state() }, ports.clock.now());
  return { pipeline, rows: rows.filter(({ app, environment }) => wanted.has(`${app}\0${environment}`)) };
}
