import {
  type AnyGate,
  appName,
  type Check,
  configurableGates,
  envName,
  type GateSubject,
  type Look,
  noOutside,
  requestId,
  type State,
} from "@glu/core";
import { openCommandRunner, openHttpClient } from "@glu/outside";
import { artifactOf } from "../product/config-world.ts";

export const artifact = artifactOf("web", 3);
export const image = artifact.images.web as NonNullable<typeof artifact.images.web>;

/** The commit that carries the release, and one that does not have it. */
export const [carrying, before] = ["b".repeat(40), "a".repeat(40)];

export interface Asking {
  /** Variables of the job. */
  env?: Record<string, string>;
  /** How long ago the release was made; undefined: there is none yet. */
  releasedAgo?: number;
  /** What was released there before; undefined: nothing. */
  replaces?: NonNullable<Look["release"]>["before"];
  secrets?: readonly string[];
  checks?: Look["outside"]["checks"];
  tip?: string;
  now?: number;
  cwd?: string;
}

const templates = (template: string) =>
  template.replaceAll("{{ app }}", "web").replaceAll("{{ env }}", "production").replaceAll("{{ bad }}", "--all");

/** What a gate says, its options read as the config has them, by the real client and the real runner of programs. */
export async function askedGate(name: string, given: unknown, asking: Asking = {}): Promise<Check> {
  const gate = configurableGates.find((one) => one.name === name) as AnyGate;
  const options: unknown = gate.options?.parse(given);
  const { env = {}, releasedAgo, secrets = Object.values(env), now = Date.now() } = asking;
  const redact = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, "***"), text);
  const intent = {
    app: appName("web"),
    environment: envName("production"),
    artifact,
    explicit: true,
    request: requestId("r"),
  };
  const subject = { intent } as unknown as GateSubject;
  const commit = (sha: string) => ({ repository: "acme/config", commit: sha });
  const look: Look = {
    now,
    signal: new AbortController().signal,
    clock: { now: Date.now, sleep: async () => {}, random: Math.random },
    mayAct: true,
    render: templates,
    items: async () => [],
    tip: commit(asking.tip ?? carrying),
    proposal: undefined,
    release:
      releasedAgo === undefined
        ? undefined
        : {
            commit: commit(carrying),
            releasedAt: now - releasedAgo,
            before: asking.replaces,
            isIn: async (revision) => isIn(revision),
          },
    outside: {
      ...noOutside,
      http: openHttpClient({ env: {} }),
      commands: openCommandRunner({ env: process.env, cwd: asking.cwd ?? process.cwd(), redact }),
      ...(asking.checks === undefined ? {} : { checks: asking.checks }),
      secret: (variable) => env[variable],
      redact,
    },
  };
  const seen: unknown = await gate.observe(subject, {} as State, options, look);
  return { outcome: gate.outcome, ...gate.check(JSON.parse(JSON.stringify(seen)), options, now, subject) };
}

function isIn(revision: string): boolean | undefined {
  const [, sha = revision] = /@sha1:(.+)$/.exec(revision) ?? [];
  return sha === carrying ? true : sha === before ? false : undefined;
}
