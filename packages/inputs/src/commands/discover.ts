import { appName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { cache, connection, namePlaceholder, output } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

export const discover = defineCommand({
  name: "discover",
  summary: "Look for new versions where apps follow other sources, and store them as artifacts",
  description:
    "Looks at the `sources` of the apps: tags of images, Helm charts, Git tags and branches, releases. What is new becomes an artifact; what is one already costs a look and writes nothing. A source that cannot be looked at stops no other, and makes the exit code 4 or 2.",
  inputs: {
    app: input.list({
      ...cli,
      description: "Only these apps. Without it: all that have sources.",
      of: appName,
      placeholder: namePlaceholder,
    }),
    "dry-run": input.flag({ ...cli, description: "Say what is new, and store nothing." }),
    "artifact-repository": input.text({
      ...cli,
      description:
        "The repository that new artifacts are stored in, a URL or `owner/name`. Without it: where the configuration keeps artifacts.",
      placeholder: "repository",
    }),
    cache: { ...cache, ...cli },
    ...connection,
    output,
  },
  examples: [
    { title: "All apps", run: "glu discover" },
    { title: "What is new, without storing it", run: "glu discover --app web --dry-run" },
  ],
});
