import { UserError } from "@glu/core";
import { expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

/** The error that a gate with these options gives, from its place on: the gate stands in line 5. */
function mistake(gate: string): string {
  const text = `version: 1
environments:
  staging: {}
  production:
    { from: staging, gates: [{ ${gate} }] }
apps: { web: { write: [{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }] } }
`;
  try {
    parseConfig({ file: "glu.yaml", text, ...offer });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.at).toMatchObject({ file: "glu.yaml", line: 5 });
    const message = error.message.replaceAll("environments.production.gates[0]", "…");
    return `${error.at?.column} ${error.code}\n${message}\n${error.fix}`;
  }
  throw new Error("it was accepted");
}

const zone = "zone: UTC";
const block = (entry: string) => `window: { block: [${entry}] }`;
const rule = (text: string, more = "") => block(`{ rule: "${text}", for: 1h, ${zone}${more} }`);
const hours = (more: string) => `soak: { for: 4h, hours: { ${more} } }`;

it.each([
  [
    rule("FREQ=WEEKLY;BYDAY=XX"),
    `58 config/recurrence
….window.block[0].rule: "FREQ=WEEKLY;BYDAY=XX" has BYDAY=XX.
BYDAY is days such as MO or -1FR, or a list of them.`,
  ],
  [
    rule("every monday"),
    `58 config/recurrence
….window.block[0].rule: "every monday" has "every monday", which is no part of a recurrence rule.
Write parts such as FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9. They are FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS, WKST.`,
  ],
  [
    rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    `58 config/recurrence
….window.block[0].rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO" has INTERVAL, which counts from a start.
Add the start, such as start: 2026-01-05.`,
  ],
  [
    rule("FREQ=DAILY;UNTIL=20261231"),
    `58 config/recurrence
….window.block[0].rule: "FREQ=DAILY;UNTIL=20261231" has UNTIL=20261231.
UNTIL is a time in UTC such as 20261231T230000Z.`,
  ],
  [
    rule("FREQ=HOURLY"),
    `58 config/recurrence
….window.block[0].rule: "FREQ=HOURLY" has FREQ=HOURLY.
FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY.`,
  ],
  [
    rule("FREQ=DAILY", ", start: 2026-02-30"),
    `99 config/local-time
….window.block[0].start: "2026-02-30" is not a time on the clock.
Write 2026-12-24 or 2026-12-24T18:00, without Z or offset: the zone says where.`,
  ],
  [
    rule("FREQ=DAILY", ", start: 2026-02-03T04:05Z"),
    `99 config/local-time
….window.block[0].start: "2026-02-03T04:05Z" is not a time on the clock.
Write 2026-12-24 or 2026-12-24T18:00, without Z or offset: the zone says where.`,
  ],
  [
    rule("FREQ=DAILY", ", strat: 2026-02-03"),
    `92 config/unknown-key
Unknown key "strat" in ….window.block[0].
Did you mean "start"?`,
  ],
  [
    rule("FREQ=DAILY", ', reason: "a\\nb"'),
    `100 config/value
….window.block[0].reason must be one line of at most 200 characters, but is the text "a\\nb".
docs/configuration.md says what can stand here.`,
  ],
  [
    block(`{ rule: FREQ=DAILY, for: 367d, ${zone} }`),
    `75 config/value
….window.block[0].for must be at most 366d, but is "367d".
What lasts longer has a start and an end.`,
  ],
  [
    block(`{ rule: FREQ=DAILY, for: long, ${zone} }`),
    `75 config/value
….window.block[0].for must be a duration longer than none, such as 7h or 1d, but is the text "long".
docs/configuration.md says what can stand here.`,
  ],
  [
    block(`{ rule: FREQ=DAILY, ${zone} }`),
    `50 config/missing-key
Missing key "for" in ….window.block[0].
How long it lasts from each start, such as 7h. Days and weeks are those of the calendar, hours always as long.`,
  ],
  [
    block("{ rule: FREQ=DAILY, for: 1h }"),
    `50 config/missing-key
Missing key "zone" in ….window.block[0].
The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.`,
  ],
  [
    block("{ rule: FREQ=DAILY, for: 1h, zone: Europe/Berln }"),
    `85 config/time-zone
….window.block[0].zone: "Europe/Berln" is not a time zone.
Did you mean "Europe/Berlin"?`,
  ],
  [
    block('{ rule: FREQ=DAILY, for: 1h, zone: "+01:00" }'),
    `85 config/time-zone
….window.block[0].zone: "+01:00" is not a time zone.
Write its name in the IANA database, such as Europe/Berlin or UTC.`,
  ],
  [
    block(`{ start: 2026-12-24, ${zone} }`),
    `50 config/missing-key
Missing key "end" in ….window.block[0].
When it ends, such as 2027-01-04. The end is no part of it.`,
  ],
  [
    block(`{ start: 2026-12-24, end: 2026-12-24, ${zone} }`),
    `76 config/value
….window.block[0].end must be after the start, but is "2026-12-24".
Write a later end.`,
  ],
  [
    block(`{ start: tomorrow, end: 2026-12-24, ${zone} }`),
    `59 config/local-time
….window.block[0].start: "tomorrow" is not a time on the clock.
Write 2026-12-24 or 2026-12-24T18:00, without Z or offset: the zone says where.`,
  ],
  [
    block("christmas"),
    `50 config/type
….window.block[0] must be a mapping, but is the text "christmas".
Times that come again, { rule, for, zone }, or a time that comes once, { start, end, zone }.`,
  ],
  [
    "window: { block: [] }",
    `49 config/value
….window.block must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "window: {}",
    `40 config/value
….window must have allow or block.
Write { allow: [{ rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH;BYHOUR=9", for: 7h, zone: Europe/Berlin }] }.`,
  ],
  [
    "window: closed",
    `40 config/type
….window must be a mapping, but is the text "closed".
When it may be promoted: allowed and blocked times.`,
  ],
  [
    "window: { alow: [] }",
    `42 config/unknown-key
Unknown key "alow" in ….window.
Did you mean "allow"?`,
  ],
  [
    "soak: 5",
    `38 config/type
….soak must be text or a mapping, but is the number 5.
Put it in quotes.`,
  ],
  [
    "soak: { since: healthy }",
    `32 config/missing-key
Missing key "for" in ….soak.
How long it must have been upstream, such as 30m, 2h or 1d.`,
  ],
  [
    "soak: { for: 1h, since: deployed }",
    `56 config/value
….soak.since must be released or healthy, but is the text "deployed".
Write one of released, healthy.`,
  ],
  [
    "soak: { for: 30 min, hours: { from: 09:00, to: 17:00, zone: UTC } }",
    `45 config/value
….soak.for must be a duration longer than none, such as 30m, 2h or 1d, but is the text "30 min".
docs/configuration.md says what can stand here.`,
  ],
  [
    hours("from: 09:00, to: 17:00"),
    `49 config/missing-key
Missing key "zone" in ….soak.hours.
The time zone, by its name in the IANA database, such as Europe/Berlin or UTC.`,
  ],
  [
    hours(`from: "9:00", to: "17:00", ${zone}`),
    `64 config/value
….soak.hours.from must be a time such as 09:00, but is the text "9:00".
docs/configuration.md says what can stand here.`,
  ],
  [
    hours(`from: "17:00", to: "09:00", ${zone}`),
    `77 config/value
….soak.hours.to must be after the beginning on the same day, but is "09:00".
Write a later time.`,
  ],
  [
    hours(`days: [mon], from: "09:00", to: "17:00", ${zone}`),
    `65 config/value
….soak.hours.days[0] must be MO or TU or WE or TH or FR or SA or SU, but is the text "mon".
Did you mean "MO"?`,
  ],
  [
    hours(`days: [], from: "09:00", to: "17:00", ${zone}`),
    `64 config/value
….soak.hours.days must not be empty.
Give it a value, or remove it.`,
  ],
  [
    `soak: { for: 90w, hours: { from: "09:00", to: "17:00", ${zone} } }`,
    `45 config/value
….soak.for must be over within a year of such hours, but is "90w".
Only the hours that count are counted: 8h is a working day. Write a shorter time.`,
  ],
  [
    "rate: { max: 0, per: 1d }",
    `45 config/value
….rate.max must be at least 1, but is the number 0.
docs/configuration.md says what can stand here.`,
  ],
  [
    "rate: { max: 51, per: 1d }",
    `45 config/value
….rate.max must be at most 50, which is what a record remembers, but is the number 51.
docs/configuration.md says what can stand here.`,
  ],
  [
    "rate: { max: 1.5, per: 1d }",
    `45 config/type
….rate.max must be a whole number, but is the number 1.5.
docs/configuration.md says what can stand here.`,
  ],
  [
    "rate: { max: 3 }",
    `32 config/missing-key
Missing key "per" in ….rate.
The time that counts back from now, such as 1h or 1d.`,
  ],
  [
    "rate: { max: 3, per: 0h }",
    `53 config/value
….rate.per must be a duration longer than none, such as 1h or 1d, but is the text "0h".
docs/configuration.md says what can stand here.`,
  ],
  [
    "item: { state: success }",
    `32 config/missing-key
Missing key "name" in ….item.
The item's name, such as tests.`,
  ],
  [
    "item: { name: '' }",
    `46 config/value
….item.name must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "item: tests",
    `38 config/type
….item must be a mapping, but is the text "tests".
An item the artifact must carry, and what its fields must be: { name: tests, state: success }.`,
  ],
  [
    "item: { name: scan, critical: {} }",
    `62 config/value
….item.critical must have min or max.
Write { max: 0 }, { min: 80 } or both.`,
  ],
  [
    "item: { name: scan, critical: { max: none } }",
    `69 config/type
….item.critical.max must be a number, but is the text "none".
docs/configuration.md says what can stand here.`,
  ],
  [
    "item: { name: scan, critical: { max: 1, min: 2 } }",
    `62 config/value
….item.critical must have a min that is no more than its max.
Write { max: 0 }, { min: 80 } or both.`,
  ],
  [
    "item: { name: scan, critical: { most: 1 } }",
    `64 config/unknown-key
Unknown key "most" in ….item.critical.
The keys here are min, max.`,
  ],
  [
    "item: { name: scan, state: [] }",
    `59 config/value
….item.state must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "http: https://example.com",
    `38 config/type
….http must be a mapping, but is the text "https://example.com".
What a server must answer, such as { url: https://status.example.com, json: { path: $.ok, equals: true } }.`,
  ],
  [
    "http: { url: 'https://example.com', body: x }",
    `74 config/value
….http.body must be posted, but is "x".
Add method: POST, or remove body.`,
  ],
  [
    "http: { url: 'https://example.com', method: HEAD, json: { path: $.a, equals: 1 } }",
    `76 config/value
….http.method must be one that JSON is answered to, but is "HEAD".
Ask with GET, or remove json.`,
  ],
  [
    "http: { url: 'http://example.com', headers: { A: { env: T } } }",
    `45 config/value
….http.url must begin with https where a header holds a variable of the job, but is "http://example.com".
Write https://, so that nobody on the way can read the variable.`,
  ],
  [
    "http: { url: 'https://example.com', json: { path: $.a } }",
    `74 config/value
….http.json must say what is expected.
Add one of equals, matches, min, max, exists, such as { path: $.status, equals: ok }.`,
  ],
  [
    "http: { url: 'https://example.com', timeout: 5 }",
    `77 config/type
….http.timeout must be a duration, such as 30s or 5m, but is the number 5.
docs/configuration.md says what can stand here.`,
  ],
  [
    "command: { run: ./smoke-test --quick }",
    `48 config/type
….command.run must be a list, but is the text "./smoke-test --quick".
The program and its arguments as they stand, such as [./smoke-test, --quick]: there is no shell, and no template.`,
  ],
  [
    "command: { run: [''] }",
    `48 config/value
….command.run must begin with a program.
docs/configuration.md says what can stand here.`,
  ],
  [
    "workflow: smoke.yml",
    `42 config/type
….workflow must be a mapping, but is the text "smoke.yml".
A workflow or pipeline that must have succeeded for the artifact, such as { file: smoke.yml }; it is started.`,
  ],
  [
    "workflow: { file: smoke.yml, wait: 20 }",
    `67 config/type
….workflow.wait must be a duration such as 10m, or 0s, but is the number 20.
docs/configuration.md says what can stand here.`,
  ],
  [
    "actor: {}",
    `39 config/value
….actor must have users or teams.
Write { users: [ada] } or { teams: [acme/releasers] }.`,
  ],
  [
    "actor: { automation: true }",
    `39 config/value
….actor must have users or teams.
Write { users: [ada] } or { teams: [acme/releasers] }.`,
  ],
  [
    "actor: { users: ada }",
    `48 config/type
….actor.users must be a list, but is the text "ada".
Users who may promote.`,
  ],
  [
    "actor: { users: ['@ada'] }",
    `49 config/value
….actor.users[0] must be a user's name on the forge, without @, but is the text "@ada".
docs/configuration.md says what can stand here.`,
  ],
  [
    "actor: { teams: ['acme/'] }",
    `49 config/value
….actor.teams[0] must be a team such as acme/releasers, without @, but is the text "acme/".
docs/configuration.md says what can stand here.`,
  ],
  [
    "actor: { users: [] }",
    `48 config/value
….actor.users must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "actor: { users: [ada], automation: yes }",
    `67 config/type
….actor.automation must be true or false, but is the text "yes".
Whether what a policy starts by itself may pass, whoever set it off. Default false.`,
  ],
])("%s is refused with its place and what to do", (gate, error) => {
  expect(mistake(gate)).toBe(error);
});
