import { digestOf } from "../artifact/digest.ts";
import { UserError } from "../errors.ts";
import { type AppName, type EnvName, envName, type RepoPath, timestamp } from "../model/names.ts";
import { inForce, type Pin, pinPath, type Release, type ReleaseRecord, releases } from "../model/record.ts";
import type { FileAt } from "../ports/config-repository.ts";
import { readPin, readRecord } from "../records/documents.ts";
import type { TrailerBlock } from "../records/trailers.ts";
import { isCalled } from "../rollback/find-release.ts";
import { statePaths } from "../state/state.ts";
import { type HoldPorts, type HoldRequest, type HoldResult, reasonOf, untilOf, writeDocuments } from "./hold.ts";
import { appsOf } from "./place.ts";

export interface PinOptions extends HoldRequest {
  /** One or several, or `all`: those of the environment that have a release there, of that artifact. */
  app: string | readonly string[];
  environment: string;
  /** Its id, digest, version, tag, or the commit of its source; undefined: what runs there. */
  artifact: string | undefined;
  /** When it ends by itself (RFC 3339). */
  until: string | undefined;
}

type Files = ReadonlyMap<RepoPath, FileAt>;

/** Holds apps in an environment at what runs there, or at an artifact that was released there, by one commit. */
export async function pin(options: PinOptions, ports: HoldPorts): Promise<HoldResult<Pin>> {
  const reason = reasonOf(options, "A pin");
  const environment = envName(options.environment);
  const { target, apps, isNamed } = await appsOf(ports, options.app, environment);
  const reads = apps.flatMap((app) => statePaths(app, environment));
  return writeDocuments<Pin>(ports, target, { reads, request: options, what: "Pin" }, (files) => {
    const now = ports.clock.now();
    const until = untilOf(options.until, now);
    const pins = apps.flatMap((app) => {
      const release = releaseToPin(readRecord(files, app, environment), options.artifact);
      if (release === undefined && isNamed) throw notReleased(app, environment, options.artifact);
      if (release === undefined) return [];
      const [artifact, digest] = [release.artifact.id, digestOf(release.artifact)];
      const before = readPin(files, app, environment);
      const isAt = before?.artifact === artifact && (before.digest ?? digest) === digest;
      if (isAt && before.reason === reason && before.until === until.until) return [];
      const { actor, request } = options;
      const held = { app, environment, artifact, digest, reason, actor, at: timestamp(now), ...until, request };
      const document: Pin = { schema: "glu.pin.v1", ...held };
      const trailer = { request, app, environment, artifact, kind: "pin", reason, actor: actor.name };
      return [{ path: pinPath(app, environment), document, trailer, name: `${app} in ${environment}` }];
    });
    const none = apps.every((app) => releaseToPin(readRecord(files, app, environment), options.artifact) === undefined);
    if (none) throw notReleased("any app", environment, options.artifact);
    return pins;
  });
}

/** What is pinned: the current release, or the newest of an artifact that a name stands for. */
function releaseToPin(record: ReleaseRecord, asked: string | undefined): Release | undefined {
  if (asked === undefined) return record.current ?? undefined;
  return releases(record).find(({ artifact }) => isCalled(artifact, asked));
}

function notReleased(app: AppName | "any app", environment: EnvName, asked: string | undefined): UserError {
  const what = asked === undefined ? "Nothing is released" : `${asked} was not released`;
  return new UserError("pin/not-released", `${what} of ${app} in ${environment}.`, {
    seen: asked,
    fix: "Pin what was released there ('glu history' shows it), or promote first.",
  });
}

/** Lifts pins, also those that have ended and whose files are left. */
export async function unpin(
  options: HoldRequest & Pick<PinOptions, "app" | "environment">,
  ports: HoldPorts,
): Promise<HoldResult<Pin>> {
  const environment = envName(options.environment);
  const { target, apps } = await appsOf(ports, options.app, environment);
  const reads = apps.map((app) => pinPath(app, environment));
  return writeDocuments<Pin>(ports, target, { reads, request: options, what: "Unpin" }, (files: Files) =>
    apps.flatMap((app) => {
      const before = readPin(files, app, environment);
      if (before === undefined) return [];
      const trailer: TrailerBlock = {
        ...{ request: options.request, app, environment, artifact: before.artifact, kind: "unpin" },
        ...{ actor: options.actor.name, ...(options.reason === undefined ? {} : { reason: options.reason }) },
      };
      const ended = inForce(before, ports.clock.now()) ? {} : { ended: before };
      const name = `${app} in ${environment}`;
      return [{ path: pinPath(app, environment), document: undefined, trailer, name, ...ended }];
    }),
  );
}
