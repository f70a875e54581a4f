import type { reconcile as command, InputsOf } from "@glu/inputs";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";
import { version } from "../version.ts";

/** Where to look, as whom, and with which token: what `glu reconcile` and `promote` with `mode: reconcile` share. */
export type ReconcileInputs = Omit<InputsOf<typeof command>, "output"> & {
  token?: string | undefined;
  hostToken?: string | undefined;
  commitMessage?: string | undefined;
};

/** `glu reconcile`, and `promote` with `mode: reconcile`. */
export async function runReconcile(inputs: ReconcileInputs, surroundings: Surroundings): Promise<Outcome> {
  const { context, env } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host);
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const scope = [version, inputs.config, inputs.app, inputs.environment];
  const connection = await connectConfig(inputs, repositories, [], scope);
  // The server is asked by now: what decides, edits and presents is loaded while it answers.
  const [{ reconcileThere }] = await Promise.all([import("./reconciliation.ts"), loadPresentation()]);
  return await reconcileThere(inputs, connection, repositories, surroundings);
}
