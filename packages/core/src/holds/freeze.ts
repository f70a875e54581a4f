import { type EnvName, timestamp } from "../model/names.ts";
import { type Freeze, freezePath } from "../model/record.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { readFreeze } from "../records/documents.ts";
import { commitMessage } from "../records/trailers.ts";
import {
  type HoldPorts,
  type HoldRequest,
  type HoldResult,
  reasonOf,
  untilOf,
  writeDocument,
  writeInEach,
} from "./hold.ts";
import { placesOf } from "./place.ts";

/** Stops every promotion into an environment, or into `all`, wherever they live. */
export async function freeze(
  options: HoldRequest & { scope: string; until: string | undefined },
  ports: HoldPorts,
): Promise<HoldResult<Freeze>> {
  const reason = reasonOf(options, "A freeze");
  const targets = await placesOf(ports, options.scope);
  const scope = options.scope as EnvName | "all";
  const path = freezePath(scope);
  const write = (target: ConfigRepository) =>
    writeDocument<Freeze>(ports, target, path, [path], options, (files) => {
      const now = ports.clock.now();
      const until = untilOf(options.until, now);
      const before = readFreeze(files, scope);
      if (before?.reason === reason && before.until === until.until) return "unchanged";
      const document: Freeze = {
        schema: "glu.freeze.v1",
        scope,
        reason,
        actor: options.actor,
        at: timestamp(now),
        ...until,
        request: options.request,
      };
      const trailer = {
        request: options.request,
        app: "all",
        environment: scope,
        kind: "freeze",
        reason,
        actor: options.actor.name,
      };
      return { document, message: commitMessage(`Freeze ${scope}`, [], [trailer]) };
    });
  return writeInEach(targets, write);
}

/** Lifts a freeze. */
export async function unfreeze(
  options: HoldRequest & { scope: string },
  ports: HoldPorts,
): Promise<HoldResult<Freeze>> {
  const targets = await placesOf(ports, options.scope);
  const scope = options.scope as EnvName | "all";
  const path = freezePath(scope);
  const write = (target: ConfigRepository) =>
    writeDocument<Freeze>(ports, target, path, [path], options, (files) => {
      if (readFreeze(files, scope) === undefined) return "unchanged";
      const trailer = {
        request: options.request,
        app: "all",
        environment: scope,
        kind: "unfreeze",
        actor: options.actor.name,
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      };
      return { document: undefined, message: commitMessage(`Unfreeze ${scope}`, [], [trailer]) };
    });
  return writeInEach(targets, write);
}
