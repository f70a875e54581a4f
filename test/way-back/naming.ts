import { digestOf } from "@glu/core";
import { GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Machine } from "../product/glu-process.ts";
import { Past, type PastRepository, pastArtifact } from "./past.ts";

// web and api each have an own file, mail and docs write into one. All had 1.1 to 1.4, six hours apart; 1.1 was healthy.
const hour = 3_600_000;
const now = Math.floor(Date.now() / 1000) * 1000;
const timeOf = (number: number) => now - 48 * hour + number * 6 * hour;
const apps = ["web", "api", "mail", "docs"] as const;
const shared = ["mail", "docs"];

interface Made {
  repository: PastRepository;
  /** The config's commit that released a number of web, and after it of all others. */
  commitOf(number: number): string;
}

function makePast(): Made {
  const past = new Past({ apps, shared }, timeOf(0));
  const marks = [1, 2, 3, 4].map((number) => {
    const state = number === 1 ? "healthy" : "committed";
    // The others are released a minute before.
    for (const app of apps.slice(1)) past.release([{ app, number, at: timeOf(number) - 60_000, state }]);
    return past.release([{ app: "web", number, at: timeOf(number), state }]);
  });
  const repository = past.make();
  return { repository, commitOf: (number) => repository.commitAt(marks[number - 1] ?? 0) };
}

/** A way to name something, and what it means: for every app, or for web only. */
interface Naming {
  name: string;
  to(made: Made): string;
  number: number;
  webOnly?: true;
}

const between = timeOf(2) + hour;
/** The same point in time, as a clock that is so many hours ahead shows it. */
const ahead = (hours: number) =>
  `${new Date(between + hours * hour).toISOString().slice(0, 19)}${hours < 0 ? "-" : "+"}0${Math.abs(hours)}:00`;
const web = pastArtifact("web", 2);

export const namings: readonly Naming[] = [
  { name: "previous", to: () => "previous", number: 3 },
  { name: "a number of releases", to: () => "3", number: 1 },
  { name: "healthy", to: () => "healthy", number: 1 },
  { name: "a time", to: () => new Date(between).toISOString(), number: 2 },
  { name: "a time with an offset", to: () => ahead(2), number: 2 },
  { name: "a time with an offset the other way", to: () => ahead(-7), number: 2 },
  { name: "a distance back", to: () => `1d${9 + 2}h`, number: 2 },
  { name: "a version", to: () => "v1.2", number: 2 },
  { name: "a tag of the image", to: () => "1.2", number: 2 },
  { name: "an artifact's id", to: () => web.id, number: 2, webOnly: true },
  { name: "an artifact's digest", to: () => digestOf(web), number: 2, webOnly: true },
  { name: "a source commit", to: () => web.version.sha, number: 2, webOnly: true },
  { name: "a short source commit", to: () => web.version.sha.slice(0, 12), number: 2, webOnly: true },
  { name: "a commit of the config", to: ({ commitOf }) => commitOf(2), number: 2 },
  { name: "a short commit of the config", to: ({ commitOf }) => commitOf(2).slice(0, 7), number: 2 },
];

export const scopes = ["one app", "several apps", "an environment"] as const;
type Scope = (typeof scopes)[number];
const appsOf: Record<Scope, readonly string[]> = {
  "one app": ["web"],
  "several apps": ["web", "api"],
  "an environment": apps,
};

export interface Row {
  naming: Naming;
  scope: Scope;
  exact: boolean;
  plan: boolean;
}

export const rows: readonly Row[] = namings.flatMap((naming) =>
  scopes.flatMap((scope) =>
    [false, true].flatMap((exact) => [false, true].map((plan) => ({ naming, scope, exact, plan }))),
  ),
);

interface Answer {
  result: string;
  decisions: { app: string; result: string; gates: { code?: string }[] }[];
  undecided: { app: string; code: string }[];
  passedOver: { app: string }[];
}

/** Each row is a run of the built command: what can be named is gone back to, and what cannot says why by its code. */
export function describeNamings(some: readonly Row[]): void {
  describe("a rollback", () => {
    let made: Made;
    let server: GitServer;
    let machine: Machine;
    let tip: string;
    beforeAll(async () => {
      made = makePast();
      tip = made.repository.fixture.git("rev-parse", "main");
      server = await GitServer.start(made.repository.fixture.root);
      machine = new Machine();
    });
    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      machine[Symbol.dispose]();
      made.repository[Symbol.dispose]();
    });

    const named = some.map((row) => {
      const how = `${row.exact ? "exactly" : "by intent"}${row.plan ? ", as a plan" : ""}`;
      return [`of ${row.scope} by ${row.naming.name}, ${how}`, row] as const;
    });
    it.each(named)("%s", async (_name, { naming, scope, exact, plan }) => {
      const { repository } = made;
      repository.reset(tip);
      const asked = scope === "an environment" ? [] : appsOf[scope].flatMap((app) => ["--app", app]);
      const flags = [...(exact ? ["--exact"] : []), ...(plan ? ["--plan"] : [])];
      const where = ["--config-repository", server.url("config.git"), "-o", "json"];
      const to = ["--environment", "production", "--to", naming.to(made)];
      const { code, stdout, stderr } = await machine.glu(["rollback", ...asked, ...to, ...flags, ...where]);
      const said = stdout + stderr;
      const answer = JSON.parse(stdout) as Answer;

      const known = (app: string) => naming.webOnly !== true || app === "web";
      const goes = (app: string) => known(app) && !(exact && shared.includes(app));
      const there = appsOf[scope];
      // Of those that can be gone back to each is decided on, the others say why by their code.
      const results = Object.fromEntries(answer.decisions.map(({ app, result }) => [app, result]));
      const word = (app: string) => (goes(app) ? (plan ? "planned" : "promoted") : "refused");
      expect(results, said).toEqual(Object.fromEntries(there.filter(known).map((app) => [app, word(app)])));
      for (const { result, gates } of answer.decisions.filter((one) => one.result === "refused")) {
        expect([result, gates[0]?.code], said).toEqual(["refused", "rollback/shared-file"]);
      }
      const unknown = there.filter((app) => !known(app));
      if (scope === "an environment") expect(answer.passedOver.map(({ app }) => app).sort()).toEqual(unknown.sort());
      else
        expect(answer.undecided.map((one) => [one.app, one.code])).toEqual(
          unknown.map((app) => [app, "rollback/nothing"]),
        );
      const isNamedUnknown = scope !== "an environment" && unknown.length > 0;
      expect(code, said).toBe(isNamedUnknown ? 2 : there.filter(known).every(goes) ? 0 : 3);

      for (const app of apps) {
        const isGone = !plan && there.includes(app) && goes(app);
        expect(repository.runs(app, "production", shared.includes(app)), `${app}: ${said}`).toBe(
          isGone ? naming.number : 4,
        );
        expect(repository.record(app)?.current?.kind).toBe(isGone ? "rollback" : "promotion");
      }
      expect(repository.fixture.git("rev-list", "--count", `${tip}..main`), "one commit").toBe(plan ? "0" : "1");
    });
  });
}
