import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { connection, hostToken, namePlaceholder, nameRegex, output, token } from "./connection.ts";

export const drift = defineCommand({
  name: "drift",
  summary: "Find what was changed past Glu: values, records, pins and freezes, and who did it",
  description:
    "Compares the files with the records, and says of each value that was changed by hand which commit did it, and whether a pin or freeze was in force then. On a push it looks at the places that the pushed commits touch, and at records, pins and freezes that they change; else at everything. It changes nothing.",
  inputs: {
    app: input.list({
      description: "Only these apps.",
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: appName,
    }),
    environment: input.list({
      description: "Only these environments.",
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: envName,
    }),
    since: input.text({
      description:
        "Look at the commits after this one, and at the places that they touch. Without it: on a push to the config branch those that were pushed, else everything as it stands.",
      placeholder: "commit",
      pattern: { regex: "^([0-9a-f]{40}|[0-9a-f]{64})$", means: "all digits of a commit's id" },
    }),
    "on-drift": input.choice({
      description: "What the job does when something was changed past Glu: `fail` (exit code 3) or `succeed`.",
      placeholder: "outcome",
      choices: ["fail", "succeed"],
      default: "fail",
    }),
    ...connection,
    token,
    "host-token": hostToken,
    output,
  },
  outputs: {
    result: "`clean`, `drifted`, or `violation`: past a pin, a freeze or a status.",
    drift: "JSON: every finding, with the commit that made it.",
  },
  permissions: [
    {
      host: "github",
      scope: "contents",
      access: "read",
      reason: "reads the config branch and its history",
    },
    {
      host: "github",
      scope: "pull-requests",
      access: "read",
      reason: "asks which proposal was merged",
    },
    {
      host: "github",
      scope: "statuses",
      access: "read",
      reason: "asks what its status said",
    },
    {
      host: "gitlab",
      scope: "read_repository",
      access: "read",
      reason: "reads its history; the job token can in its own project",
    },
  ],
  examples: [
    { title: "Everything, as it stands", run: "glu drift" },
    { title: "One environment, as a warning", run: "glu drift --environment production --on-drift succeed" },
  ],
});
