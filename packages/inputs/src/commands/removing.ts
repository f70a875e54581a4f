import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, commitVia, connection, output, requestId } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

export const remove = defineCommand({
  name: "remove",
  summary: "Take an app out of an environment: exactly what was written for it",
  description:
    "Undoes byte-exactly, as one commit, what releases wrote there: what was not there before goes, what was is put back. Its pin goes, too; its history stays, and so does what is rejected there. It is refused where a policy would put it back: take it out of the config first.",
  inputs: {
    app: input.text({ ...cli, description: "Name of the app.", position: 1, required: true, of: appName }),
    environment: input.text({
      ...cli,
      description: "Name of the environment.",
      position: 2,
      required: true,
      of: envName,
    }),
    reason: input.text({
      ...cli,
      description: "Why, for the record and the commit message.",
      placeholder: "text",
      expand: false,
    }),
    plan: input.flag({ ...cli, description: "Say what would happen, with the exact diff, and change nothing." }),
    files: input.flag({
      ...cli,
      description:
        "Delete the files that it alone writes, also those that were there before it. Without it: only what was written goes, and files that were made for it.",
    }),
    overwrite: input.flag({
      ...cli,
      description: "Undo values also where they were changed by hand since the last release (else it is refused).",
    }),
    override: input.list({
      ...cli,
      description: "What to pass though it holds: `pin`, `freeze`. Needs a reason.",
      placeholder: "hold",
      pattern: { regex: "^(?:pin|freeze)$", means: "`pin` or `freeze`" },
    }),
    strategy: input.choice({
      ...cli,
      description:
        "With `commit` it is written to the config branch at once where changes are proposed (`propose`), if the token may. Without it: refused there.",
      placeholder: "strategy",
      choices: ["commit"],
    }),
    ...connection,
    author,
    "commit-via": commitVia,
    "request-id": requestId,
    output,
  },
  examples: [
    { title: "See the diff first", run: "glu remove frontend production --plan" },
    { title: "It moves elsewhere", run: 'glu remove frontend production --reason "moves to another cluster"' },
  ],
});
