/**
 * Testing and staging by themselves, demo by tags, production by itself after it was in staging for a while. Staging
 * lives in a repository of its own. What goes to canary is proposed, and people merge it.
 */
export const environments = ["testing", "staging", "production", "demo", "canary"] as const;
export type EnvironmentName = (typeof environments)[number];

/** How long an artifact must be in staging, in hours. */
export const soakHours = 2;

/** Production is promoted to from seven to seven on the clocks of Berlin, which are set back in the month. */
export const hours = { zone: "Europe/Berlin", from: 7, to: 19 };

/** Fridays end earlier there. */
export const fridays = { weekday: "Fri", from: 15 };

/** Nothing goes to staging in these days of New York, which the config says. */
export const inventory = { from: Date.parse("2026-10-20T04:00:00Z"), to: Date.parse("2026-10-22T04:00:00Z") };

/** What follows when a release fails; what is not named here is not verified. */
export const onFailure = { testing: "rollback", staging: "hold", demo: "notify", production: "rollback" } as const;

/** How long a release has until it is healthy, in seconds. */
export const within = 2 * 3600;

/** Where it is asked whether a release is good. */
export const healthOf = (environment: string, app: string, tag: string): string =>
  `https://health.invalid/${environment}/${app}/${tag}`;

/** Releases of an app in production in any 24 hours. */
export const most = 3;

export const upstreamOf: Partial<Record<string, EnvironmentName>> = {
  staging: "testing",
  production: "staging",
  canary: "testing",
};

const verify = (environment: keyof typeof onFailure): string =>
  `verify: { gates: [{ http: { url: "${healthOf("{{ env }}", "{{ app }}", "{{ images.web.tag }}")}", retries: 0 } }], within: ${within}s, on-failure: ${onFailure[environment]} }`;

const config = (apps: readonly string[]) => `version: 1
freezes:
  - environments: staging
    times: [ { start: 2026-10-20, end: 2026-10-22, zone: America/New_York, reason: inventory } ]
environments:
  testing: { policy: { event: push, branch: main }, ${verify("testing")} }
  staging: { from: testing, auto: newest, repository: acme/staging, ${verify("staging")} }
  production:
    from: staging
    auto: newest
    tier: production
    ${verify("production")}
    gates:
      - soak: ${soakHours}h
      - window: { allow: [ { rule: "FREQ=DAILY;BYHOUR=${hours.from}", for: ${hours.to - hours.from}h, zone: ${hours.zone} } ], block: [ { rule: "FREQ=WEEKLY;BYDAY=FR;BYHOUR=${fridays.from}", for: ${hours.to - fridays.from}h, zone: ${hours.zone} } ] }
      - rate: { max: ${most}, per: 1d }
  demo: { policy: { event: tag, tag: "v*" }, ${verify("demo")} }
  canary: { from: testing, auto: newest, propose: true }
defaults:
  repository: acme/{{ app }}
  images: { web: "ghcr.io/acme/{{ app }}" }
  write:
    - yaml: apps/{{ app }}/{{ env }}.yaml
      set: { image.tag: "{{ images.web.tag }}" }
apps:
${apps.map((app) => (sharesFile(app) ? `  ${app}:${through(app)}\n    write:\n      - yaml: ${sharedFile(app, "{{ env }}")}\n        set: { "{{ app }}.tag": "{{ images.web.tag }}" }` : `  ${app}:${through(app)}`)).join("\n")}
`;

const numberOf = (app: string): number => Number(app.slice(3));
/** What of every third app goes to canary is proposed, by itself and merged by people. */
export const isProposed = (app: string): boolean => numberOf(app) % 3 === 0;
const through = (app: string): string =>
  isProposed(app) ? "" : `\n    environments: [${environments.filter((name) => name !== "canary").join(", ")}]`;
/** Every fifth pair of apps writes into one file. */
const sharesFile = (app: string): boolean => Math.floor(numberOf(app) / 2) % 5 === 0;
const sharedFile = (app: string, environment: string): string =>
  `shared/${Math.floor(numberOf(app) / 2)}/${environment}.yaml`;

export const fileOf = (app: string, environment: string): string =>
  sharesFile(app) ? sharedFile(app, environment) : `apps/${app}/${environment}.yaml`;

/** A line that a promotion may write: `tag: "…"   # tag of <app>`. */
export const tagLine = (app: string): RegExp => new RegExp(`^( +tag: ")([^"]*)(" +# tag of ${app}\\r?)$`, "m");

const own = (app: string): string =>
  `# ${app}: keep in step\nreplicas:   3   # by hand\nimage: \n    tag: "none"   # tag of ${app}\n    other: 'x'\n`;
const shared = (apps: readonly string[]): string =>
  `replicas: 3 # by hand\n\n${apps.map((app) => `${app}: \n   tag: "none" # tag of ${app}\n`).join("")}`;

export interface World {
  apps: readonly string[];
  config: string;
  files: Readonly<Record<string, string>>;
}

export function worldOf(count: number): World {
  const apps = Array.from({ length: count }, (_, index) => `app${index}`);
  const files: Record<string, string> = { "README.md": "Not Glu's.\n" };
  for (const app of apps) {
    for (const environment of environments) {
      const path = fileOf(app, environment);
      const both = apps.filter((one) => fileOf(one, environment) === path);
      // Some as Windows leaves them, some with a byte order mark.
      const text = sharesFile(app) ? shared(both) : own(app);
      const ended = numberOf(app) % 7 === 3 ? text.replaceAll("\n", "\r\n") : text;
      files[path] = numberOf(app) % 11 === 4 ? `\ufeff${ended}` : ended;
    }
  }
  return { apps, config: config(apps), files };
}
