import { appName, envName, releaseKinds, releaseMarks, releaseStates } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { connection, namePlaceholder, output } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;
const among = (choices: readonly string[]) => ({
  regex: `^(?:${choices.join("|")})$`,
  means: `one of ${choices.join(", ")}`,
});

export const history = defineCommand({
  name: "history",
  summary: "Show what was released, where and when, and what became of it",
  description:
    "Releases of an app, of an environment, of both, or of all, newest first, with who, when and why, from the records. Each is marked when it was rolled back, failed, was overridden, overtook others, or was removed.",
  inputs: {
    app: input.text({
      ...cli,
      description: "Name of the app. Without it: all of them.",
      position: 1,
      of: appName,
    }),
    environment: input.text({
      ...cli,
      description: "Name of the environment. Without it: all of them.",
      position: 2,
      of: envName,
    }),
    since: input.text({
      ...cli,
      description: "Only what was released then or later: RFC 3339, a date in UTC, or a distance back such as `2d`.",
      placeholder: "time",
    }),
    until: input.text({
      ...cli,
      description: "Only what was released by then. A date means to the end of that day.",
      placeholder: "time",
    }),
    kind: input.list({
      ...cli,
      description: `Only releases of these kinds: ${releaseKinds.map((kind) => `\`${kind}\``).join(", ")}.`,
      placeholder: "kind",
      pattern: among(releaseKinds),
    }),
    state: input.list({
      ...cli,
      description: `Only releases in these states: ${releaseStates.map((state) => `\`${state}\``).join(", ")}.`,
      placeholder: "state",
      pattern: among(releaseStates),
    }),
    mark: input.list({
      ...cli,
      description: `Only releases with one of these marks: ${releaseMarks.map((mark) => `\`${mark}\``).join(", ")}.`,
      placeholder: "mark",
      pattern: among(releaseMarks),
    }),
    actor: input.list({ ...cli, description: "Only what these people asked for.", placeholder: "name" }),
    artifact: input.list({
      ...cli,
      description: "Only releases of these artifacts: a version, an id, a digest, or the commit of the source.",
      placeholder: "artifact",
    }),
    limit: input.count({ ...cli, description: "At most so many; 0 for all.", default: 20 }),
    all: input.flag({
      ...cli,
      description: "Also what is older than the records tell, by the history of the branch: its last 5000 commits.",
    }),
    ...connection,
    output,
  },
  examples: [
    { title: "What ran in production", run: "glu history frontend production" },
    { title: "Everything that happened to it in two days", run: "glu history --environment production --since 2d" },
    { title: "What went wrong", run: "glu history --mark rolled-back,failed" },
  ],
});

export const diff = defineCommand({
  name: "diff",
  summary: "Show what differs between two environments, or in one between then and now",
  description:
    "App by app: what runs in each, which is ahead, the source commits between where they can be read, and what was written that differs for another reason than the artifact. An environment as it was is `production@2026-11-21T14:00:00Z`, `production@2d`, or `production@<commit of the config repository>`. It changes nothing.",
  inputs: {
    left: input.text({
      ...cli,
      description: "An environment, or one as it was: `production@2d`.",
      position: 1,
      required: true,
      pattern: { regex: "^[^\\s]{1,200}$", means: "an environment, with `@` and when where it is not as it is now" },
    }),
    right: input.text({
      ...cli,
      description: "The other one. Without it: the same environment as it is now.",
      position: 2,
      pattern: { regex: "^[^\\s]{1,200}$", means: "an environment, with `@` and when where it is not as it is now" },
    }),
    app: input.list({ ...cli, description: "Only these apps.", of: appName, placeholder: namePlaceholder }),
    patch: input.flag({ ...cli, description: "Also the exact diff of the files that were written." }),
    "exit-code": input.flag({ ...cli, description: "Exit with 3 when something differs, for scripts." }),
    ...connection,
    output,
  },
  examples: [
    { title: "What production does not have yet", run: "glu diff staging production" },
    { title: "What changed in production since then", run: "glu diff production@2026-11-21T14:00:00Z" },
  ],
});
