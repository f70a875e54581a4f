import { type EnvName, timestamp } from "../model/names.ts";
import { type Freeze, freezePath, inForce } from "../model/record.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import { readFreeze } from "../records/documents.ts";
import {
  type HoldPorts,
  type HoldRequest,
  type HoldResult,
  reasonOf,
  untilOf,
  writeDocuments,
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
    writeDocuments<Freeze>(ports, target, { reads: [path], request: options, what: "Freeze" }, (files) => {
      const now = ports.clock.now();
      const until = untilOf(options.until, now);
      const before = readFreeze(files, scope);
      if (before?.reason === reason && before.until === until.until) return [];
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
      return [{ path, document, trailer, name: scope }];
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
    writeDocuments<Freeze>(ports, target, { reads: [path], request: options, what: "Unfreeze" }, (files) => {
      const before = readFreeze(files, scope);
      if (before === undefined) return [];
      const trailer = {
        request: options.request,
        app: "all",
        environment: scope,
        kind: "unfreeze",
        actor: options.actor.name,
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      };
      const ended = inForce(before, ports.clock.now()) ? {} : { ended: before };
      return [{ path, document: undefined, trailer, name: scope, ...ended }];
    });
  return writeInEach(targets, write);
}
