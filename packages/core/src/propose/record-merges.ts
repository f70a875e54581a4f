import type { Sha } from "../model/names.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { recordPath } from "../model/record.ts";
import type { Change, ConfigRepository } from "../ports/config-repository.ts";
import type { PromotePorts, PromoteRequest } from "../promote/options.ts";
import type { RunMemory } from "../promote/run-memory.ts";
import { encodeDocument } from "../records/documents.ts";
import { oneLine } from "../records/trailers.ts";
import { type Place, Tips } from "../state/tips.ts";
import { transact } from "../transact.ts";

export interface RecordMerges {
  target: ConfigRepository;
  /** That may have been merged since they were last looked at; only those of the target are written. */
  places: readonly Place[];
  pipeline: Pipeline;
  request: Pick<PromoteRequest, "request" | "author">;
  ports: PromotePorts;
  memory: RunMemory;
}

/**
 * Writes into the records when proposals were merged, where the forge does not tell it each time: the time of a soak
 * would else begin anew with every run.
 * @returns the commit; undefined when all of it stands there
 */
export function recordMerges(options: RecordMerges): Promise<Sha | undefined> {
  const { target, places, pipeline, request, ports, memory } = options;
  const { clock, logger, repository: config, repositoryOf } = ports;
  return transact<Sha | undefined>({ repository: target, clock, logger }, async (tip) => {
    const configTip = target === config ? tip : await config.open();
    const merging = { merges: memory.merges, ports };
    const tips = new Tips({ target, tip, config, configTip, pipeline, repositoryOf, merging });
    await tips.load(places);
    const observed = tips.observed();
    const state = tips.state();
    const changes = observed.map(({ app, environment }): Change => {
      return { path: recordPath(app, environment), content: encodeDocument(state.record(app, environment)) };
    });
    if (changes.length === 0) return { commit: undefined, done: () => undefined };
    const names = observed.map(({ app, environment }) => `${app} in ${environment}`);
    const subject = names.length === 1 ? `${names[0]} was` : `${names.length} proposals were`;
    // The trailer tells policies that this is Glu's own; it is no release.
    const message = `Record when ${subject} merged\n\n${names.map((name) => oneLine(name, "A name")).join("\n")}\n\nGlu-Request: ${request.request}\n`;
    return {
      commit: { message, changes, ...(request.author === undefined ? {} : { author: request.author }) },
      done: (commit) => commit,
    };
  });
}
