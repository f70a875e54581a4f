import type { SimulatedEvent } from "../events/grammar.ts";

/** An event in words, without what a reader does not need to know it by. */
export function describeEvent({ kind, options }: SimulatedEvent): string {
  switch (kind) {
    case "build": {
      const { app, version, tag, branch, event } = options;
      const of = tag === undefined ? `of ${branch ?? "main"}` : `of tag ${tag}`;
      return `build ${join(app, version)} ${of}${event === undefined ? "" : ` (${event})`}`;
    }
    case "attach": {
      const { app, artifact, item } = options;
      return `attach ${item.name} to ${app} ${artifact ?? "latest"}`;
    }
    case "promote": {
      const { app, environment, artifact } = options;
      return `promote ${list(app, "all apps")} ${artifact ?? "latest"}${environment === undefined ? "" : ` to ${list(environment, "")}`}`;
    }
    case "rollback": {
      const { app, environment, to } = options;
      return `roll back ${list(app, "all apps")} in ${list(environment, "")} to ${to ?? "previous"}`;
    }
    case "pin":
      return `pin ${options.app} in ${options.environment}${until(options)}`;
    case "unpin":
      return `unpin ${options.app} in ${options.environment}`;
    case "freeze":
      return `freeze ${options.environment}${until(options)}`;
    case "unfreeze":
      return `unfreeze ${options.environment}`;
    case "merge":
    case "close":
      return `${kind} the pull request of ${options.app} for ${options.environment}`;
    case "edit":
      return `edit ${options.path} by hand`;
    case "answer":
      return `${options.url} ${options.down === true ? "does not answer" : `answers ${options.status ?? 200}`}`;
    case "command":
      return `${options.program} ends with ${options.code ?? 0}`;
    case "workflow":
      return `${options.file === "" ? "the pipeline" : options.file} is ${options.state}`;
    case "team":
      return `${options.name} has ${options.members.length === 0 ? "no members" : options.members.join(", ")}`;
    case "check": {
      const { name, state, on } = options;
      return `${name} is ${state}${on === undefined ? "" : ` on the ${on} commit`}`;
    }
    case "approve": {
      const { user, environment, rejected } = options;
      return `${user} ${rejected === true ? "rejects" : "approves"} ${environment ?? "all environments"}`;
    }
    case "authors":
      return `${options.users.length === 0 ? "nobody known" : options.users.join(", ")} writes what is built`;
    case "variable":
      // Its value may be something that nobody wants in a log, even if it was made up.
      return `the job has ${options.name}`;
    case "reconcile":
      return "reconcile";
  }
}

const join = (...words: (string | undefined)[]): string => words.filter((word) => word !== undefined).join(" ");
const list = (names: string | readonly string[] | undefined, none: string): string =>
  names === undefined ? none : typeof names === "string" ? names : names.join(", ");
const until = ({ until: end, reason }: { until?: string | undefined; reason: string }): string =>
  `${end === undefined ? "" : /^\d+[smhdw]/.test(end) ? ` for ${end}` : ` until ${end}`}: ${reason}`;
