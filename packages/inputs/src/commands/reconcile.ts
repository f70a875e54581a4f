import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, cache, commitVia, connection, namePlaceholder, nameRegex, output, requestId } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

/** The same as `promote` with `mode: reconcile`, for the command line. */
export const reconcile = defineCommand({
  name: "reconcile",
  summary: "Look at everything, and promote what is ready",
  description:
    "Looks at policies, automatic edges, gates that have cleared, holds that have ended and values that were changed by hand, and promotes what is ready: upstream first, with one commit for each environment. For a schedule, a push, or a dispatch after a build. Says what it looked at, why the rest waits, and until when.",
  inputs: {
    app: input.list({
      ...cli,
      description: "Look at these apps only.",
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: appName,
    }),
    environment: input.list({
      ...cli,
      description: "Look at these environments only.",
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: envName,
    }),
    ...connection,
    plan: input.flag({ ...cli, description: "Say what would happen, with the exact diff, and change nothing." }),
    "on-held": input.choice({
      ...cli,
      description: "What the exit code is when a promotion is held: `fail` (3) or `succeed` (0).",
      placeholder: "outcome",
      choices: ["fail", "succeed"],
      default: "succeed",
    }),
    cache: { ...cache, ...cli },
    author: { ...author, ...cli },
    "commit-via": { ...commitVia, ...cli },
    "request-id": requestId,
    output,
  },
  examples: [
    { title: "Everything that is ready", run: "glu reconcile" },
    { title: "What would move now, and what waits for what", run: "glu reconcile --plan" },
  ],
});
