import { createHash } from "node:crypto";
import type { Draw } from "../month/random.ts";
import { breakGlass, type EnvironmentName, environments } from "./world.ts";

/** One thing that one process asks for. */
export interface Act {
  /** Its request id; what Glu makes of it begins with it. */
  id: string;
  kind:
    | "build"
    | "promote"
    | "policies"
    | "break-glass"
    | "rollback"
    | "remove"
    | "pin"
    | "unpin"
    | "freeze"
    | "unfreeze"
    | "reconcile"
    | "edit";
  app: string;
  environment: EnvironmentName;
  args: readonly string[];
  /** Whom the forge names as who asks; else somebody at a terminal asks. */
  by?: string;
  /** After so many milliseconds it is killed, and asked for again. */
  killAfter?: number;
}

/** The requests of the commits that an act makes: one, or one for each environment that a reconciliation looks at. */
export function requestsOf({ id, kind }: Act): string[] {
  if (kind !== "reconcile") return [id];
  return environments.map((environment) => createHash("sha256").update(`${id}\0${environment}`).digest("hex"));
}

const weights = {
  build: 20,
  promote: 20,
  "break-glass": 12,
  rollback: 18,
  remove: 5,
  pin: 4,
  unpin: 12,
  freeze: 3,
  unfreeze: 3,
  reconcile: 20,
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
  const environment = draw.one(environments);
  const killAfter = kind !== "edit" && draw.once(4) ? { killAfter: draw.between(60, 900) } : {};
  const act = (args: readonly string[]): Act => ({ id, kind, app, environment, args, ...killAfter });
  const until = (most: number) => (draw.once(2) ? ["--until", `${draw.between(1, most)}s`] : []);
  switch (kind) {
    case "promote": {
      const artifact = draw.once(2) ? undefined : draw.one([...known.artifactsOf(app), undefined])?.id;
      const named = ["--app", app, "--environment", environment, "--artifact", artifact ?? "latest"];
      const overwrite = draw.once(4) ? ["--overwrite"] : [];
      const wait = draw.once(3) ? ["--wait", "4s"] : [];
      return act(["promote", ...named, ...overwrite, ...wait, ...(draw.once(3) ? ["--reason", "wanted"] : [])]);
    }
    case "break-glass": {
      // Now and then by somebody who may not, or past what is not theirs.
      const gates = draw.once(8) ? ["soak"] : breakGlass.gates.filter(() => draw.once(2));
      const artifact = draw.one(known.artifactsOf(app).slice(-3))?.id ?? "latest";
      const named = ["--app", app, "--environment", "production", "--artifact", artifact, "--reason", "incident 42"];
      const past = gates.length === 0 ? breakGlass.gates : gates;
      const by = draw.once(6) ? "ada" : breakGlass.user;
      return { ...act(["promote", ...named, "--override", past.join(",")]), environment: "production", by };
    }
    case "remove": {
      // Where something would put it back, that is refused.
      const where = draw.once(5) ? environment : "production";
      const override = draw.once(3) ? ["--override", "pin", "--override", "freeze"] : [];
      const overwrite = draw.once(3) ? ["--overwrite"] : [];
      const reason = ["--reason", "it moves"];
      return { ...act(["remove", app, where, ...reason, ...override, ...overwrite]), environment: where };
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
      return act(["reconcile", ...(draw.once(2) ? ["--app", app] : [])]);
    case "build":
    case "edit":
      return act([]);
  }
}

/**
 * What a process does first: some go back and some edit, whatever is drawn later, so that each run has had enough of both.
 * @param sound apps whose second version is good in testing: there is one to go back to
 */
export function firstAct(lane: number, id: string, sound: readonly string[]): Act | undefined {
  const app = sound[lane % sound.length] ?? "";
  const made = { id, app, environment: "testing" as const };
  if (lane % 3 === 0) {
    return {
      ...made,
      kind: "rollback",
      args: ["rollback", "--app", app, "--environment", "testing", "--to", "previous"],
    };
  }
  return lane % 3 === 1 ? { ...made, kind: "edit", args: [] } : undefined;
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
