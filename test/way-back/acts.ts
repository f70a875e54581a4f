import type { Draw } from "../month/random.ts";
import { type EnvironmentName, environments } from "./world.ts";

/** One thing that one process asks for. */
export interface Act {
  /** Its request id; what Glu makes of it begins with it. */
  id: string;
  kind: "build" | "promote" | "policies" | "rollback" | "pin" | "unpin" | "freeze" | "unfreeze" | "reconcile" | "edit";
  app: string;
  environment: EnvironmentName;
  args: readonly string[];
  /** After so many milliseconds it is killed, and asked for again. */
  killAfter?: number;
}

const weights = {
  build: 22,
  promote: 22,
  rollback: 24,
  pin: 6,
  unpin: 9,
  freeze: 2,
  unfreeze: 3,
  reconcile: 4,
  edit: 8,
} as const;

/** What an act may name of the past: the artifacts of an app, oldest first. */
export interface Known {
  artifactsOf(app: string): readonly { id: string; tag: string }[];
  /** When it all began, in milliseconds since the epoch. */
  began: number;
  now(): number;
}

/** What one process does next. */
export function drawAct(draw: Draw, id: string, apps: readonly string[], known: Known): Act {
  const kind = draw.weighted(weights);
  const app = draw.one(apps);
  const environment = draw.once(3) ? environments[1] : environments[0];
  const killAfter = kind !== "edit" && draw.once(4) ? { killAfter: draw.between(60, 900) } : {};
  const act = (args: readonly string[]): Act => ({ id, kind, app, environment, args, ...killAfter });
  const until = (most: number) => (draw.once(2) ? ["--until", `${draw.between(1, most)}s`] : []);
  switch (kind) {
    case "promote": {
      const artifact = draw.once(2) ? undefined : draw.one([...known.artifactsOf(app), undefined])?.id;
      const named = ["--app", app, "--environment", environment, "--artifact", artifact ?? "latest"];
      const overwrite = draw.once(4) ? ["--overwrite"] : [];
      return act(["promote", ...named, ...overwrite, ...(draw.once(3) ? ["--reason", "wanted"] : [])]);
    }
    case "rollback":
      return act(["rollback", ...drawRollback(draw, app, apps, environment, known)]);
    case "pin":
      return act(["pin", app, environment, "--reason", "look into it", ...until(20)]);
    case "unpin":
      return act(["unpin", app, environment]);
    case "freeze":
      return act([
        "freeze",
        draw.one([...environments, "all"]),
        "--reason",
        "stop",
        "--until",
        `${draw.between(1, 6)}s`,
      ]);
    case "unfreeze":
      return act(["unfreeze", draw.one([...environments, "all"])]);
    case "reconcile":
      return act(["reconcile", "--app", app]);
    case "build":
    case "edit":
      return act([]);
  }
}

function drawRollback(
  draw: Draw,
  app: string,
  apps: readonly string[],
  environment: string,
  known: Known,
): readonly string[] {
  const { id, tag } = draw.one(known.artifactsOf(app)) ?? { id: "previous", tag: "previous" };
  const time = new Date(draw.between(known.began, known.now())).toISOString();
  const to = draw.weighted({ previous: 6, "2": 2, "3": 1, [tag]: 1, [id]: 1, [time]: 2, "3s": 1, healthy: 1 });
  // Now and then several, or all that are there.
  const which = draw.once(12) ? [] : draw.once(5) ? [...new Set([app, draw.one(apps)])] : [app];
  const flag = (times: number, ...words: string[]) => (draw.once(times) ? words : []);
  return [
    ...which.flatMap((one) => ["--app", one]),
    ...["--environment", environment, "--to", to],
    ...flag(4, "--exact"),
    ...draw.one([[], [], [], ["--pin", "false"], ["--until", `${draw.between(1, 20)}s`]]),
    ...flag(4, "--overwrite"),
    ...flag(6, "--set"),
    ...(draw.once(3) ? ["--override", "pin", "--reason", "it burns"] : flag(2, "--reason", "errors")),
  ];
}
