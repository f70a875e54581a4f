import { appName, eventNames } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { buildArtifact } from "./build-artifact.ts";
import { connection, namePlaceholder, output } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

/** Where artifacts are looked for. */
const store = {
  "artifact-repository": input.text({
    ...cli,
    description:
      "Look into this repository only, a URL or `owner/name`. Without it: where the configuration keeps artifacts, the app's own repository and the config repository; else the repository this runs in.",
    placeholder: "repository",
  }),
  ...connection,
};

export const artifactAdd = defineCommand({
  name: "artifact-add",
  cli: "artifact add",
  summary: "Attach items to an artifact that exists",
  description:
    "Appends items, such as a scan that finished later. The artifact itself and its digest stay as they are.",
  inputs: {
    artifact: input.text({
      ...cli,
      description: "Id or digest of the artifact.",
      position: 1,
      required: true,
    }),
    app: input.text({
      ...cli,
      description: "App of the artifact.",
      required: true,
      of: appName,
      placeholder: namePlaceholder,
    }),
    item: buildArtifact.inputs.item,
    ...store,
    output,
  },
  examples: [
    {
      title: "A scan's report",
      run: "glu artifact add 20261121t070000z-0123456789ab --app frontend --item scan=https://ci.acme.dev/43",
    },
  ],
});

export const artifactShow = defineCommand({
  name: "artifact-show",
  cli: "artifact show",
  summary: "Show one artifact with its items",
  description: "Reads the artifact and verifies its digest.",
  inputs: {
    artifact: input.text({
      ...cli,
      description: "Id, digest, `latest`, or the path of a JSON file.",
      position: 1,
      default: "latest",
    }),
    app: input.text({ ...cli, description: "App of the artifact.", of: appName, placeholder: namePlaceholder }),
    ...store,
    output,
  },
  examples: [{ title: "The newest", run: "glu artifact show latest --app frontend -o json" }],
});

export const artifactList = defineCommand({
  name: "artifact-list",
  cli: "artifact list",
  summary: "List artifacts, newest first",
  description: "Lists what the store holds; the filters are ANDed.",
  inputs: {
    app: input.list({ ...cli, description: "Only these apps.", of: appName, placeholder: namePlaceholder }),
    branch: input.text({ ...cli, description: "Only of this branch; a glob such as `release/*`." }),
    event: input.choice({ ...cli, description: "Only made by this event.", choices: eventNames, placeholder: "event" }),
    sha: input.text({
      ...cli,
      description: "Only of this commit; at least its first 7 digits.",
      pattern: { regex: "^[0-9a-f]{7,64}$", means: "7 or more lower-case hex digits of a commit id" },
      placeholder: "sha",
    }),
    since: input.text({
      ...cli,
      description: "Only of commits made at or after: RFC 3339, or an age such as `7d`.",
      placeholder: "time",
    }),
    until: input.text({
      ...cli,
      description: "Only of commits made at or before: RFC 3339, or an age such as `1h`.",
      placeholder: "time",
    }),
    limit: input.count({ ...cli, description: "At most so many.", default: 20 }),
    offset: input.count({ ...cli, description: "Leave out so many of the newest.", default: 0 }),
    ...store,
    output,
  },
  examples: [
    { title: "What was built from main this week", run: "glu artifact list --app frontend --branch main --since 7d" },
  ],
});
