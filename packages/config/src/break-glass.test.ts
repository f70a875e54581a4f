import { UserError } from "@glu/core";
import { expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

const read = (top: string, production = "") =>
  parseConfig({
    file: "glu.yaml",
    text: `version: 1
${top}
environments:
  staging: {}
  production: { from: staging${production} }
apps: { web: { write: [{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }] } }
`,
    ...offer,
  });

const rules = (pipeline: ReturnType<typeof read>) =>
  Object.fromEntries([...pipeline.environments].map(([name, { breakGlass }]) => [name, breakGlass]));

const onCall = { gates: ["freeze"], teams: ["acme/on-call"] };

it("says nothing where nobody may override a gate", () => {
  expect(rules(read(""))).toEqual({ staging: undefined, production: undefined });
});

it("at the top is of all environments, or of those that it names", () => {
  const all = "break-glass: { gates: freeze, teams: [acme/on-call] }";
  expect(rules(read(all))).toEqual({ staging: [onCall], production: [onCall] });
  const some = "break-glass: [{ environments: production, gates: [freeze], teams: [acme/on-call] }]";
  expect(rules(read(some))).toEqual({ staging: undefined, production: [onCall] });
});

it("of an environment takes the place of what the top says, also when it is empty", () => {
  const all = "break-glass: { gates: [freeze], teams: [acme/on-call] }";
  const own = ", break-glass: { gates: [soak, from], users: [grace] }";
  expect(rules(read(all, own))).toEqual({
    staging: [onCall],
    production: [{ gates: ["soak", "from"], users: ["grace"] }],
  });
  expect(rules(read(all, ", break-glass: []"))).toEqual({ staging: [onCall], production: undefined });
});

function mistake(top: string, production = ""): string {
  try {
    read(top, production);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.at?.line}:${error.at?.column} ${error.code} ${error.message} ${error.fix}`;
  }
  throw new Error("it was accepted");
}

it.each([
  [
    "break-glass: { gates: [order], users: [ada] }",
    '2:24 config/break-glass break-glass.gates[0]: "order" is never overridden. glu rollback goes back.',
  ],
  [
    "break-glass: [{ gates: [freez], users: [ada] }]",
    '2:25 config/break-glass break-glass[0].gates[0]: "freez" is no gate. Did you mean "freeze"?',
  ],
  [
    "break-glass: { gates: [freeze] }",
    "2:14 config/break-glass break-glass must have users or teams. Write { gates: [freeze], users: [ada] }.",
  ],
  ["break-glass: { gates: [freeze], users: [] }", "2:40 config/value break-glass.users must not be empty."],
  [
    "break-glass: { gates: [freeze], users: ['@ada'] }",
    "2:41 config/value break-glass.users[0] must be a user's name on the forge, without @",
  ],
  [
    "break-glass: { environments: prod, gates: [freeze], users: [ada] }",
    '2:16 config/unknown-environment No environment "prod" is declared.',
  ],
])("is refused with its place: %s", (top, expected) => {
  expect(mistake(top)).toContain(expected);
});

it("of an environment is refused with its place, too", () => {
  expect(mistake("", ", break-glass: [{ gates: [actor], users: [ada] }]")).toContain(
    'environments.production.break-glass[0].gates[0]: "actor" is never overridden.',
  );
});
