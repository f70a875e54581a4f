import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { artifactAdd } from "./artifact-reading.ts";
import { buildArtifact } from "./build-artifact.ts";

const cli = { hosts: ["cli"] } as const;

export const artifactImport = defineCommand({
  name: "artifact-import",
  cli: "artifact import",
  summary: "Take over an artifact of GimletD",
  description:
    "Stores one artifact per app that the file's `environments` name, with the old id in `importedId`. Strings of its items become `vars`. Of its `context`, which may hold tokens, only harmless CI variables are taken.",
  inputs: {
    file: input.text({
      ...cli,
      description: "The JSON of artifacts, as `gimlet artifact list -o json` prints them, or of one of them.",
      position: 1,
      required: true,
      placeholder: "path",
    }),
    "artifact-repository": buildArtifact.inputs["artifact-repository"],
    "config-repository": artifactAdd.inputs["config-repository"],
    ref: artifactAdd.inputs.ref,
    config: artifactAdd.inputs.config,
    output: artifactAdd.inputs.output,
  },
  examples: [{ title: "One artifact", run: "glu artifact import old-artifact.json --config-repository ./config.git" }],
});
