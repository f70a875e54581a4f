import {
  type AppName,
  type ConfigRepository,
  formatDuration,
  type Health,
  type Preview,
  type PreviewRequest,
  readStanding,
  type UpResult,
  untilHealthy,
} from "@glu/core";
import type { ForgeAccess } from "../forge-outside.ts";
import { fetchOf } from "../outside-fetch.ts";
import type { Env } from "../surroundings.ts";
import type { Connected } from "./preview.ts";
import { accessTo, type Previewed } from "./preview-access.ts";
import { placeOf } from "./preview-outcome.ts";
import { tellPull } from "./preview-telling.ts";

/** What came of a preview after its commit. */
export interface AfterUp {
  /** What could not be done, one line each. */
  degraded: readonly string[];
  health: Health;
  /** What was seen of its health, in words; undefined: nobody looked. */
  seen: string | undefined;
}

interface Around {
  known: Previewed;
  request: PreviewRequest;
  result: UpResult;
  repository: ConfigRepository;
  access: ForgeAccess;
  connected: Connected;
  /** Milliseconds to wait until it is healthy; undefined: nobody waits. */
  patience: number | undefined;
}

/** Milliseconds for one look. */
const timeout = 10_000;

/** Tells people of a preview that was brought up and of those that went for it, and waits until it is healthy. */
export async function afterUp(around: Around): Promise<AfterUp> {
  const { known, request, result, repository, access, patience } = around;
  const { preview, state } = result;
  if (request.plan || state === "refused" || preview === undefined)
    return { degraded: [], health: "unknown", seen: undefined };
  const { number } = request;
  const { head } = preview;
  const told = { number, apps: [known.app.name] };
  const waits = patience !== undefined && preview.health !== undefined;
  const first = { head, state: waits ? "in-progress" : "success", isChecked: false } as const;
  const degraded = await tellPull(known, { ...told, atOnce: !waits, seen: first }, repository, access);
  for (const one of result.evicted) degraded.push(...(await tellOfEvicted(one, around)));
  if (!waits) return { degraded, health: "unknown", seen: undefined };

  const { health, seen } = await waitFor(preview, { ...around, patience });
  const place = placeOf(request);
  if (health === "unknown") {
    access.surroundings.logger.notice(`The preview of ${place} is not waited for any longer: ${seen}.`);
  }
  if (health === "unhealthy") {
    const line = `The preview of ${place} is not healthy within ${formatDuration(patience)}: ${seen}, at ${preview.health}.`;
    degraded.push(line);
    access.surroundings.logger.warning(line);
  }
  const last =
    health === "unknown"
      ? undefined
      : { head, health, isChecked: true, state: health === "healthy" ? ("success" as const) : ("failure" as const) };
  degraded.push(...(await tellPull(known, { ...told, atOnce: true, seen: last }, repository, access)));
  return { degraded: [...new Set(degraded)], health, seen };
}

/** Of another pull request, and maybe of another app, each with a repository of its own. */
async function tellOfEvicted(
  { app: name, number }: Preview,
  { known, repository, connected }: Around,
): Promise<string[]> {
  const app = known.pipeline.apps.get(name as AppName);
  if (app === undefined) return [];
  const told = { number, apps: [app.name], atOnce: false, seen: undefined };
  return tellPull({ ...known, app }, told, repository, accessTo(app, connected));
}

function waitFor(preview: Preview, { known, request, repository, access, patience }: Around & { patience: number }) {
  const { clock, logger, env } = access.surroundings;
  return untilHealthy({
    ...{ address: preview.health ?? "", what: `the preview of ${placeOf(request)}`, patience, clock, logger },
    ask: (address) => askOnce(address, env),
    stands: async () => {
      const { preview: now } = await readStanding(await repository.open(), {
        app: known.app.name,
        number: request.number,
      });
      return now?.head === preview.head;
    },
  });
}

/** Without a token: the address is the preview's own, and whoever made it may read along. */
async function askOnce(address: string, env: Env): Promise<number | string> {
  try {
    const response = await fetchOf(env)(address, {
      ...{ redirect: "manual", signal: AbortSignal.timeout(timeout) },
      headers: { accept: "*/*", "user-agent": "glu-actions" },
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "TimeoutError") return "it does not answer in time";
    const { code } = (error.cause ?? error) as { code?: unknown };
    return `it does not answer (${typeof code === "string" ? code : error.message})`;
  }
}
