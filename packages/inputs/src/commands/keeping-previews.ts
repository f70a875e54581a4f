import { appName, lastingPattern } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { connection, nameRegex, output } from "./connection.ts";
import { appOptions, numberOptions, plan, shared } from "./previewing.ts";

// Of a terminal, and of jobs that run the command line.
const cli = { hosts: ["cli"] } as const;

export const previewExtend = defineCommand({
  name: "preview-extend",
  cli: "preview extend",
  summary: "Let a preview stay longer",
  description: "It stays at least that long from now, whatever its idle time and maximum age say.",
  inputs: {
    app: input.text({ ...cli, ...appOptions, required: true }),
    number: input.text({
      ...cli,
      ...numberOptions,
      description: "Number of the pull or merge request.",
      required: true,
    }),
    by: input.text({
      ...cli,
      description: "How long from now, such as `2d`.",
      placeholder: "duration",
      position: 3,
      required: true,
      pattern: { regex: lastingPattern.source, means: "a duration such as 12h, 3d or 2w" },
    }),
    plan,
    ...shared,
  },
  examples: [{ title: "Two more days", run: "glu preview extend frontend 7 2d" }],
});

export const previewList = defineCommand({
  name: "preview-list",
  cli: "preview list",
  summary: "Show the previews that there are",
  description: "Of all apps, or of one: what runs, where, and until when.",
  inputs: {
    app: input.text({ ...cli, ...appOptions, description: "Of this app only." }),
    ...connection,
    output,
  },
  examples: [{ title: "All of them", run: "glu preview list" }],
});

export const previewSweep = defineCommand({
  name: "preview-sweep",
  cli: "preview sweep",
  summary: "Take down previews that nobody needs",
  description:
    "Those of closed pull requests, those that were idle for too long, and those that are too old. It refuses when the forge did not tell all open pull requests or tells none, and when more than three and a fifth of them would go.",
  inputs: {
    app: input.list({
      ...cli,
      description: "Only of these apps. Without it: of all that have previews.",
      placeholder: "app",
      pattern: nameRegex,
      of: appName,
    }),
    force: input.flag({ ...cli, description: "Take down as many as it finds." }),
    plan,
    ...shared,
  },
  examples: [{ title: "What would go", run: "glu preview sweep --plan" }],
});
