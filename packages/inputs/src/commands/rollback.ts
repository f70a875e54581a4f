import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import {
  author,
  commitVia,
  connection,
  hostToken,
  matrix,
  namePlaceholder,
  nameRegex,
  output,
  plan,
  requestId,
  token,
} from "./connection.ts";
import { promote, set } from "./promote.ts";

export const rollback = defineCommand({
  name: "rollback",
  summary: "Go back to what ran before, and hold it there",
  description:
    "Finds in the record what an environment ran, writes it again byte-exactly as one commit, and pins it. What it undoes is rejected there: no policy promotes it again. Freezes and gates do not stop it, except `actor`; a pin does, unless it is overridden.",
  inputs: {
    app: input.list({
      description: "Apps to roll back. Without it: every app of the environment that has something to go back to.",
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: appName,
    }),
    environment: input.list({
      description: "Environments to roll back.",
      required: true,
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: envName,
    }),
    to: input.text({
      description:
        "What to go back to: `previous`; a number of releases; `healthy`, the last one that was verified; a time (RFC 3339, or `2h` for two hours ago), for what ran then; a version, or an artifact's id, digest or source commit; or a commit of the config repository. What was rolled back or failed there is not counted.",
      default: "previous",
      refuseEmpty: true,
      placeholder: "target",
    }),
    reason: input.text({
      description:
        "Why, for the record, the pin and the commit message. Needed to go to what was rolled back or failed there.",
      placeholder: "text",
      expand: false,
    }),
    pin: input.choice({
      description: "Whether it is pinned: nothing else is promoted there until somebody lifts the pin, or it ends.",
      placeholder: "true or false",
      choices: ["true", "false"],
      default: "true",
    }),
    until: input.text({
      description:
        "When the pin ends by itself: RFC 3339, or a time from now such as `2h`. Without it: when it is lifted.",
      placeholder: "time",
    }),
    override: input.list({
      description:
        "Gates to pass though they are not met: `pin`, when another artifact is pinned there. Needs a `reason`.",
      placeholder: "gate",
      pattern: { regex: "^pin$", means: "a gate that a rollback may override: `pin`" },
    }),
    exact: input.flag({
      description:
        "Put the files back byte for byte as the release left them. Without it: what the config writes today is written with the artifact of then. Refused for files that another app or environment also writes.",
    }),
    plan,
    "on-held": input.choice({
      description: "What the job does when a rollback is held: `fail` (exit code 3) or `succeed`.",
      placeholder: "outcome",
      choices: ["fail", "succeed"],
      default: "fail",
    }),
    overwrite: input.flag({
      description:
        "Overwrite values that were changed by hand since the last release (else the rollback is held: drift).",
    }),
    set,
    strategy: input.choice({
      description:
        "With `commit` it is written to the config branch at once where changes are proposed (`propose`), if the token may. Without it: a proposal there, a commit elsewhere.",
      placeholder: "strategy",
      choices: ["commit"],
    }),
    wait: promote.inputs.wait,
    "commit-message": input.text({
      description: "Subject of the commit. Without it: what was rolled back where.",
      placeholder: "text",
      expand: false,
    }),
    ...connection,
    author,
    "commit-via": commitVia,
    "request-id": requestId,
    token,
    "host-token": hostToken,
    matrix,
    output,
  },
  outputs: promote.outputs,
  permissions: promote.permissions,
  examples: [
    { title: "The release before", run: 'glu rollback --app frontend --environment production --reason "errors"' },
    { title: "Everything as it was two hours ago", run: "glu rollback --environment production --to 2h" },
    { title: "See the diff first", run: "glu rollback --app frontend --environment production --to 1.4.2 --plan" },
  ],
});
