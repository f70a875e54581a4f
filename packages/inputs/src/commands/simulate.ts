import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { connection, output } from "./connection.ts";

export const simulate = defineCommand({
  name: "simulate",
  summary: "Play events against a pipeline with a clock of its own, and show what is decided",
  description:
    "Runs the pipeline in memory: builds, promotions by hand, pins, freezes and passing time come from a file of events, and each decision is shown at its time. Nothing is written. With a configuration that lies here it needs neither network nor Git.",
  inputs: {
    events: input.text({
      hosts: ["cli"],
      description:
        "The file of events, YAML or JSON: docs/simulate.md and `schemas/events.schema.json` say what is in it.",
      position: 1,
      required: true,
      placeholder: "path",
    }),
    ...connection,
    "config-repository": {
      ...connection["config-repository"],
      description:
        "The repository whose configuration, files and records it begins with: a URL, `owner/name` on this forge, or a local path. Without it: this folder, as it lies here.",
    },
    output,
  },
  examples: [
    { title: "What would a week look like?", run: "glu simulate events.yaml" },
    {
      title: "Beginning with what runs now",
      run: "glu simulate events.yaml --config-repository acme/deployments",
    },
  ],
});
