import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { decide } from "../decide/decide.ts";
import { observe } from "../decide/observe.ts";
import { OutsideError } from "../errors.ts";
import { appName, envName, requestId } from "../model/names.ts";
import { emptyRecord } from "../model/record.ts";
import { noOutside } from "../ports/no-outside.ts";
import type { Outside } from "../ports/outside.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, clockAt, environment, pipelineOf, someTip, start, world } from "../test-kit/memory.ts";
import type { actor } from "./actor.ts";
import type { GateSubject } from "./gate.ts";
import { configurableGates } from "./gates.ts";

type Options = z.output<NonNullable<typeof actor.options>>;

interface Asked {
  name?: string;
  verified?: boolean;
  explicit?: boolean;
}

/** What comes of a request, with a forge that knows these teams; others it does not tell of. */
async function decided(options: Options, asked: Asked, teams: Record<string, string[]> = {}) {
  const subject: GateSubject = {
    intent: {
      app: appName("web"),
      environment: envName("production"),
      artifact: artifactOf("web", 1),
      explicit: asked.explicit ?? true,
      request: requestId("r"),
    },
    app: pipelineOf(["web"]).apps.get(appName("web"))!,
    environment: environment("production", { gates: [{ name: "actor", options }] }),
    actor: { name: asked.name ?? "ada", verified: asked.verified ?? true },
    reason: undefined,
    overwrite: false,
    drift: [],
    ancestry: () => undefined,
  };
  const questions: string[] = [];
  const outside: Outside = {
    ...noOutside,
    actors: {
      isIn: async (team, user) => {
        questions.push(`${user} in ${team}`);
        const members = teams[team];
        if (members === undefined) throw new OutsideError("team/unknown", `There is no team ${team}.`);
        return members.includes(user);
      },
    },
  };
  const observed = await observe(
    subject,
    { record: emptyRecord, current: () => null, pin: () => undefined, freezes: () => [] },
    {
      gates: configurableGates,
      cache: new Map(),
      outside,
      clock: clockAt(start),
      templates: { render: (template) => template },
      items: async () => [],
      tip: someTip,
      plan: false,
    },
  );
  const { result, gates } = decide(subject, observed, start);
  return { result, questions, ...gates.find(({ name }) => name === "actor") };
}

const releasers = { "acme/releasers": ["grace"], "acme/admins": ["alan"] };
const both = { users: ["ada"], teams: ["acme/releasers", "acme/admins"] };
const asks = (name: string) => [`${name} in acme/releasers`, `${name} in acme/admins`];

describe("who may promote", () => {
  it.each([
    ["a user who is named, without a question", both, { name: "ada" }, { result: "promoted", questions: [] }],
    ["a user who is named, in whatever case", both, { name: "Ada" }, { result: "promoted", questions: [] }],
    ["a member of a team", both, { name: "grace" }, { result: "promoted", questions: asks("grace") }],
    ["a member of another team", both, { name: "alan" }, { result: "promoted", questions: asks("alan") }],
    [
      "nobody else",
      both,
      { name: "mallory" },
      {
        result: "held",
        code: "actor/not-allowed",
        clearedBy: "ada or a member of acme/releasers or a member of acme/admins",
        questions: asks("mallory"),
      },
    ],
    [
      "no name that nobody vouches for, and no team is asked",
      both,
      { name: "ada", verified: false },
      { result: "held", code: "actor/unverified", questions: [] },
    ],
    [
      "no automation, whoever set it off",
      both,
      { name: "ada", explicit: false },
      { result: "held", code: "actor/automation", questions: [] },
    ],
    [
      "automation where it is let",
      { ...both, automation: true },
      { name: "mallory", explicit: false },
      { result: "promoted", questions: [] },
    ],
    [
      "not everybody where automation is let",
      { users: ["ada"], automation: true },
      { name: "mallory" },
      { result: "held", code: "actor/not-allowed" },
    ],
    [
      "no automation where it is not",
      { users: ["ada"], automation: false },
      { explicit: false },
      { result: "held", code: "actor/automation" },
    ],
    [
      "a member of one team, though another is unknown",
      { teams: ["acme/gone", "acme/releasers"] },
      { name: "grace" },
      { result: "promoted" },
    ],
    [
      "nobody when a team is unknown and no other has them",
      { teams: ["acme/gone", "acme/releasers"] },
      { name: "ada" },
      { result: "held", code: "team/unknown", seen: "could not be evaluated: There is no team acme/gone." },
    ],
  ] as [string, Options, Asked, Record<string, unknown>][])("is %s", async (_, options, asked, expected) => {
    expect(await decided(options, asked, releasers)).toMatchObject(expected);
  });
});

it("is told beside what else is in the way, unless somebody must be asked for it", async () => {
  const closed = { name: "window", options: { allow: [{ start: "2020-01-01", end: "2020-01-02", zone: "UTC" }] } };
  const codesFor = async (options: Options, actor: { name: string; verified: boolean }) => {
    const gates = [closed, { name: "actor", options }];
    const { ports, ask } = world({
      pipeline: pipelineOf(["web"], [environment("staging", { gates })]),
      artifacts: [artifactOf("web", 1)],
    });
    const { decisions } = await promote(
      ask({ environments: ["staging"], artifact: artifactOf("web", 1).id, actor }),
      ports,
    );
    return decisions[0]?.gates.flatMap(({ code }) => code ?? []);
  };
  const window = "window/closed";
  expect(await codesFor({ users: ["ada"] }, { name: "mallory", verified: true })).toEqual([
    window,
    "actor/not-allowed",
  ]);
  expect(await codesFor(both, { name: "mallory", verified: false })).toEqual([window, "actor/unverified"]);
  expect(await codesFor(both, { name: "mallory", verified: true })).toEqual([window, "actor/waits"]);
  expect(await codesFor(both, { name: "ada", verified: true })).toEqual([window]);
});
