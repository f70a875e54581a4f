import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, commitVia, connection, namePlaceholder, output } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

export const adopt = defineCommand({
  name: "adopt",
  summary: "Write records of what runs now, in a config repository that was there before Glu",
  description:
    "Reads the values at the places that `write` declares, finds the artifact that they belong to, and records it as released: for each app and environment that has no record yet. One commit, which changes files under `.glu/` and no other. What cannot be told is listed with what helps, and makes the exit code 3.",
  inputs: {
    app: input.list({ ...cli, description: "Only these apps.", of: appName, placeholder: namePlaceholder }),
    environment: input.list({
      ...cli,
      description: "Only these environments.",
      of: envName,
      placeholder: namePlaceholder,
    }),
    artifact: input.text({
      ...cli,
      description:
        "The artifact that runs there, where several say the same: its id, digest, or the path of its JSON file. It must agree with what the files say.",
      placeholder: "artifact",
    }),
    "allow-unknown": input.flag({
      ...cli,
      description:
        "Where no stored artifact fits, make one of what the files say: image tags and digests, and `vars`. A tag without a digest is looked up in the registry.",
    }),
    reason: input.text({ ...cli, description: "Why, for the record and the commit message.", placeholder: "text" }),
    plan: input.flag({ ...cli, description: "Say what would be recorded, and change nothing." }),
    author,
    "commit-via": commitVia,
    ...connection,
    output,
  },
  examples: [
    { title: "What would be recorded, and what cannot be told", run: "glu adopt --plan" },
    { title: "Everything, also what no stored artifact fits", run: "glu adopt --allow-unknown" },
  ],
});
