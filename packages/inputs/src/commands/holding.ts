import { appName, envName, timeForms } from "@glu/core";
import { defineCommand, type Permission } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import {
  author,
  commitVia,
  connection,
  hostToken,
  marksProposals,
  matrix,
  nameRegex,
  output,
  pushesOnGitlab,
  requestId,
  token,
} from "./connection.ts";

const app = input.list({
  description: "Names of apps, by comma, or `all`: every app of the environment that has a release there.",
  position: 1,
  required: true,
  pattern: nameRegex,
  of: appName,
});
const environment = input.text({
  description: "Name of the environment.",
  position: 2,
  required: true,
  pattern: nameRegex,
  of: envName,
});
const scope = input.text({
  description: "An environment, or `all`.",
  position: 1,
  required: true,
  pattern: nameRegex,
  of: envName,
});
const reason = input.text({
  description: "Why, for whoever is held by it.",
  required: true,
  placeholder: "text",
  expand: false,
});
const until = input.text({
  description: `When it ends by itself: ${timeForms}. Without it: when somebody lifts it.`,
  placeholder: "time",
});
const why = input.text({ description: "Why, for the commit message.", placeholder: "text", expand: false });
const commit = {
  ...connection,
  author,
  "commit-via": commitVia,
  "request-id": requestId,
  token,
  "host-token": hostToken,
  matrix,
  output,
};
const outputs = {
  result: "`changed`, or `unchanged` where it was so already.",
  commit: "The commit that was made; empty without one.",
};
const permissions: Permission[] = [
  { host: "github", scope: "contents", access: "write", reason: "pushes the commit to the config branch" },
  {
    host: "github",
    scope: "pull-requests",
    access: "write",
    reason: "keeps what is proposed from merging by itself, where an environment has `propose`; leave it out elsewhere",
  },
  marksProposals,
  pushesOnGitlab,
];

export const pin = defineCommand({
  name: "pin",
  summary: "Hold apps in an environment at an artifact",
  description: "Nothing else is promoted there until the pin is lifted or ends.",
  inputs: {
    app,
    environment,
    artifact: input.text({
      description:
        "What to hold it at, of what was released there: `latest`, which runs there now, a version, an artifact's id or digest, or the commit of its source.",
      default: "latest",
      refuseEmpty: true,
      placeholder: "artifact",
    }),
    reason,
    until,
    ...commit,
  },
  outputs,
  permissions,
  examples: [
    { title: "During an incident", run: 'glu pin frontend production --reason "incident 42" --until 2h' },
    { title: "Every app of an environment", run: 'glu pin all production --reason "audit"' },
  ],
});

export const unpin = defineCommand({
  name: "unpin",
  summary: "Lift a pin",
  description: "The policies decide again from the next run on.",
  inputs: { app, environment, reason: why, ...commit },
  outputs,
  permissions,
  examples: [{ title: "It is over", run: "glu unpin frontend production" }],
});

export const freeze = defineCommand({
  name: "freeze",
  summary: "Promote nothing into an environment, or anywhere, for a time",
  description: "Every promotion there is held. A rollback passes.",
  inputs: { environment: scope, reason, until, ...commit },
  outputs,
  permissions,
  examples: [
    {
      title: "Over the holidays",
      run: `glu freeze production --reason "holidays" --until "2027-01-02T08:00[Europe/Berlin]"`,
    },
  ],
});

export const unfreeze = defineCommand({
  name: "unfreeze",
  summary: "End a freeze",
  description: "What was held is decided again in the next run.",
  inputs: { environment: scope, reason: why, ...commit },
  outputs,
  permissions,
  examples: [{ title: "Back to work", run: "glu unfreeze production" }],
});
