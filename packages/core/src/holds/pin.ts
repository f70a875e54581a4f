import { digestOf } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import { appName, envName, timestamp } from "../model/names.ts";
import { type Pin, pinPath, type Release, releases } from "../model/record.ts";
import { readPin, readRecord } from "../records/documents.ts";
import { commitMessage } from "../records/trailers.ts";
import { statePaths } from "../state/state.ts";
import { type HoldPorts, type HoldRequest, type HoldResult, reasonOf, untilOf, writeDocument } from "./hold.ts";
import { placeOf } from "./place.ts";

/** Holds an app in an environment at its current artifact, or at a named one that was released there. */
export async function pin(
  options: HoldRequest & { app: string; environment: string; artifact: string | undefined; until: string | undefined },
  ports: HoldPorts,
): Promise<HoldResult<Pin>> {
  const reason = reasonOf(options, "A pin");
  const target = await placeOf(ports, options.app, options.environment);
  const app = appName(options.app);
  const environment = envName(options.environment);
  const path = pinPath(app, environment);
  return writeDocument(ports, target, path, statePaths(app, environment), options, (files) => {
    const record = readRecord(files, app, environment);
    const asked = options.artifact;
    const released = asked === undefined ? record.current : releases(record).find((one) => isNamed(one, asked));
    if (!released) {
      throw new UserError(
        "pin/not-released",
        asked === undefined
          ? `Nothing is released of ${app} in ${environment}.`
          : `${asked} was not released of ${app} in ${environment}.`,
        {
          seen: asked,
          fix: "Pin what was released there ('glu history' shows it), or promote first.",
        },
      );
    }
    const now = ports.clock.now();
    const until = untilOf(options.until, now);
    const artifact = released.artifact.id;
    const digest = digestOf(released.artifact);
    const before = readPin(files, app, environment);
    const isAt = before?.artifact === artifact && (before.digest ?? digest) === digest;
    if (isAt && before.reason === reason && before.until === until.until) return "unchanged";
    const document: Pin = {
      schema: "glu.pin.v1",
      app,
      environment,
      artifact,
      digest,
      reason,
      actor: options.actor,
      at: timestamp(now),
      ...until,
      request: options.request,
    };
    const trailer = {
      request: options.request,
      app,
      environment,
      artifact,
      kind: "pin",
      reason,
      actor: options.actor.name,
    };
    return { document, message: commitMessage(`Pin ${app} in ${environment}`, [], [trailer]) };
  });
}

/** By its id or its digest. */
function isNamed({ artifact }: Release, asked: string): boolean {
  return artifact.id === asked || digestOf(artifact) === asked;
}

/** Lifts a pin. */
export async function unpin(
  options: HoldRequest & { app: string; environment: string },
  ports: HoldPorts,
): Promise<HoldResult<Pin>> {
  const target = await placeOf(ports, options.app, options.environment);
  const app = appName(options.app);
  const environment = envName(options.environment);
  const path = pinPath(app, environment);
  return writeDocument<Pin>(ports, target, path, [path], options, (files) => {
    const before = readPin(files, app, environment);
    if (before === undefined) return "unchanged";
    const trailer = {
      request: options.request,
      app,
      environment,
      artifact: before.artifact,
      kind: "unpin",
      actor: options.actor.name,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    };
    return { document: undefined, message: commitMessage(`Unpin ${app} in ${environment}`, [], [trailer]) };
  });
}
