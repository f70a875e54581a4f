import type {
  previewDown as downCommand,
  previewExtend as extendCommand,
  InputsOf,
  previewList as listCommand,
  previewSweep as sweepCommand,
  previewUp as upCommand,
} from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { type ConfigConnection, type ConnectionInputs, connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import type { CommitVia } from "../repositories/ways.ts";
import type { Surroundings } from "../surroundings.ts";

interface Shared extends ConnectionInputs {
  plan?: boolean;
  token?: string | undefined;
  hostToken?: string | undefined;
  commitVia?: CommitVia | undefined;
}

export interface Connected {
  connection: ConfigConnection;
  repositories: Repositories;
  surroundings: Surroundings;
}

/** What decides about previews is loaded while the config repository answers. */
async function connected(
  inputs: Shared,
  surroundings: Surroundings,
  needs: "read" | "write",
  run: (previewing: typeof import("./previewing.ts"), connected: Connected) => Promise<Outcome>,
): Promise<Outcome> {
  const { env, context } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host, needs);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories);
  const [previewing] = await Promise.all([import("./previewing.ts"), import("../shells/present.ts")]);
  return await run(previewing, { connection, repositories, surroundings });
}

const needsOf = ({ plan }: Shared): "read" | "write" => (plan === true ? "read" : "write");

/** `glu preview up`. */
export function runPreviewUp(inputs: InputsOf<typeof upCommand>, surroundings: Surroundings): Promise<Outcome> {
  return connected(inputs, surroundings, needsOf(inputs), async ({ up }, ports) => {
    if (surroundings.context.comment === undefined) return up(inputs, ports);
    return (await import("./preview-commanded.ts")).upByComment(inputs, ports);
  });
}

/** `glu preview down`. */
export function runPreviewDown(inputs: InputsOf<typeof downCommand>, surroundings: Surroundings): Promise<Outcome> {
  return connected(inputs, surroundings, needsOf(inputs), async (_, ports) => {
    if (surroundings.context.comment !== undefined) {
      return (await import("./preview-commanded.ts")).downByComment(inputs, ports);
    }
    return (await import("./preview-modes.ts")).goDown(inputs, ports);
  });
}

/** `glu preview extend`. */
export function runPreviewExtend(inputs: InputsOf<typeof extendCommand>, surroundings: Surroundings): Promise<Outcome> {
  return connected(inputs, surroundings, needsOf(inputs), ({ extend }, ports) => extend(inputs, ports));
}

/** `glu preview list`. */
export function runPreviewList(inputs: InputsOf<typeof listCommand>, surroundings: Surroundings): Promise<Outcome> {
  return connected(inputs, surroundings, "read", ({ list }, ports) => list(inputs, ports));
}

/** `glu preview sweep`. */
export function runPreviewSweep(inputs: InputsOf<typeof sweepCommand>, surroundings: Surroundings): Promise<Outcome> {
  return connected(inputs, surroundings, needsOf(inputs), async (_, ports) => {
    const { sweep } = await import("./preview-sweeping.ts");
    return sweep(inputs, ports);
  });
}
