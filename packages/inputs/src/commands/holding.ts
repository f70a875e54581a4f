import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, commitVia, connection, output, requestId } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

const app = input.text({ ...cli, description: "Name of the app.", position: 1, required: true, of: appName });
const environment = input.text({
  ...cli,
  description: "Name of the environment.",
  position: 2,
  required: true,
  of: envName,
});
const scope = input.text({
  ...cli,
  description: "An environment, or `all`.",
  position: 1,
  required: true,
  of: envName,
});
const reason = input.text({
  ...cli,
  description: "Why, for whoever is held by it.",
  required: true,
  placeholder: "text",
});
const until = input.text({
  ...cli,
  description: "When it ends by itself: RFC 3339, or a time from now such as `2h`. Without it: when somebody lifts it.",
  placeholder: "time",
});
const why = input.text({ ...cli, description: "Why, for the commit message.", placeholder: "text" });
const commit = { ...connection, author, "commit-via": commitVia, "request-id": requestId, output };

export const pin = defineCommand({
  name: "pin",
  summary: "Hold an environment of an app at an artifact",
  description: "Nothing else is promoted there until the pin is lifted or ends.",
  inputs: {
    app,
    environment,
    artifact: input.text({
      ...cli,
      description: "Id or digest of the artifact to hold it at. Without it: the one that runs there now.",
      placeholder: "artifact",
    }),
    reason,
    until,
    ...commit,
  },
  examples: [{ title: "During an incident", run: 'glu pin frontend production --reason "incident 42" --until 2h' }],
});

export const unpin = defineCommand({
  name: "unpin",
  summary: "Lift a pin",
  description: "The policies decide again from the next run on.",
  inputs: { app, environment, reason: why, ...commit },
  examples: [{ title: "It is over", run: "glu unpin frontend production" }],
});

export const freeze = defineCommand({
  name: "freeze",
  summary: "Promote nothing into an environment, or anywhere, for a time",
  description: "Every promotion there is held. A rollback passes.",
  inputs: { environment: scope, reason, until, ...commit },
  examples: [
    { title: "Over the holidays", run: 'glu freeze production --reason "holidays" --until 2027-01-02T08:00:00Z' },
  ],
});

export const unfreeze = defineCommand({
  name: "unfreeze",
  summary: "End a freeze",
  description: "What was held is decided again in the next run.",
  inputs: { environment: scope, reason: why, ...commit },
  examples: [{ title: "Back to work", run: "glu unfreeze production" }],
});
