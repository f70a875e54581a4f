import {
  type Decision,
  type Freeze,
  type PassedOver,
  type Pin,
  type Release,
  timestamp,
  type Verified,
  versionLabel,
} from "@glu/core";
import type { Run } from "../options.ts";
import type { Move } from "./step.ts";

/**
 * Tells of each run what is new in it. A promotion is told when it is made; what is held, refused, undecided or drifted
 * when it begins to be, and again when the reason is another one.
 */
export class News {
  readonly #told = new Map<string, string>();
  readonly #label: (id: string) => string;

  /** @param label the version of an artifact, by its id */
  constructor(label: (id: string) => string) {
    this.#label = label;
  }

  of({ kind, result }: Run): Move[] {
    const decided = result.decisions.flatMap((decision) => this.#decided(decision));
    const undecided = result.undecided.flatMap(({ app, environment, error }) => {
      const move: Move = { ...place({ app, environment }), version: undefined, result: "refused", why: error.message };
      return this.#isNew(move, error.code) ? [move] : [];
    });
    const verified = (result.verified ?? []).flatMap((one) => this.#verified(one));
    const overtaken = result.passedOver.flatMap((one) => this.#passedOver(one));
    if (kind === "promote") return [...verified, ...decided, ...undecided, ...overtaken];
    // Where a promotion is held for it, that has been told.
    const told = new Set(
      result.decisions.filter(heldForDrift).map(({ intent }) => `${intent.environment}/${intent.app}`),
    );
    const drifted = result.drifted.flatMap(({ app, environment, path, selector, recorded, found }) => {
      if (told.has(`${environment}/${app}`)) return [];
      const why = `${path} ${selector} is ${found ?? "gone"}, and ${recorded} was released`;
      const move: Move = { ...place({ app, environment }), version: undefined, result: "drifted", why };
      return this.#isNew(move, why, path) ? [move] : [];
    });
    return [...verified, ...decided, ...undecided, ...overtaken, ...drifted, ...this.#lapsed(result.lapsed)];
  }

  #decided(decision: Decision): Move[] {
    const { intent, result, gates, reason, repeated, release } = decision;
    const unmet = gates.filter(({ met }) => !met);
    const clears = unmet.map(({ clearsAt }) => clearsAt);
    const until = clears.every((time) => time !== undefined) ? clears.toSorted().at(-1) : undefined;
    const about = { ...place(intent), version: versionLabel(intent.artifact) };
    const move: Move = { ...about, result, why: this.#named(reason), until, decision };
    const key = [intent.artifact.id, ...unmet.map(({ code }) => code), until].join(" ");
    const isNew = this.#isNew(move, key);
    // Who asks for a place by name is answered. Else what is unchanged is no news, but ends what was told before.
    if (!intent.explicit && (!isNew || repeated || result === "unchanged")) return [];
    const made = result === "promoted" ? (release as Release | undefined) : undefined;
    const superseded = (made?.superseded ?? []).map((id): Move => {
      const why = `was overtaken by ${about.version} before it was promoted`;
      return { ...about, version: this.#label(id), result: "superseded", why, until: undefined, decision: undefined };
    });
    return [...superseded, move];
  }

  #verified({ app, environment, release, isNews, seen }: Verified): Move[] {
    const { state, artifact } = release;
    if (!isNews || state === "committed") return [];
    return [{ ...place({ app, environment }), version: versionLabel(artifact), result: state, why: seen }];
  }

  /** Of what was left alone only what waits is news: that something has no policy is how the pipeline is. */
  #passedOver({ app, environment, artifact, reason }: PassedOver): Move[] {
    if (artifact === undefined) return [];
    const move: Move = {
      ...place({ app, environment }),
      version: this.#label(artifact),
      result: "passed-over",
      why: this.#named(reason),
    };
    return this.#isNew(move, `${artifact} ${reason.replace(/\d+/g, "")}`, "passed over") ? [move] : [];
  }

  #lapsed({ pins, freezes }: { pins: readonly Pin[]; freezes: readonly Freeze[] }): Move[] {
    const expired = [
      ...pins.map((pin) => ({ ...pin, what: "the pin" })),
      ...freezes.map((freeze) => ({ ...freeze, app: "all", environment: freeze.scope, what: "the freeze" })),
    ];
    return expired.flatMap(({ app, environment, what, until, reason, request }) => {
      const why = `${what} ended at ${timestamp(Date.parse(until ?? ""))}: ${reason}`;
      const move: Move = { ...place({ app, environment }), version: undefined, result: "expired", why };
      return this.#isNew(move, request, what) ? [move] : [];
    });
  }

  #isNew({ app, environment, result }: Move, key: string, about = ""): boolean {
    const subject = `${environment}/${app} ${about}`;
    const now = `${result} ${key}`;
    if (this.#told.get(subject) === now) return false;
    this.#told.set(subject, now);
    return true;
  }

  /** Ids in a sentence as the versions that they are. */
  #named(text: string): string {
    return text.replace(/\b\d{8}t\d{6}z-[0-9a-f]{12}\b/g, (id) => this.#label(id));
  }
}

const heldForDrift = ({ gates }: Decision): boolean => gates.some(({ name, met }) => name === "drift" && !met);

const place = ({ app, environment }: { app: string; environment: string }) => ({
  app,
  environment,
  until: undefined,
  decision: undefined,
});
