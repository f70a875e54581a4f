import { appName, lastingPattern, sha } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, commitVia, connection, nameRegex, output, requestId } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

const app = input.text({
  ...cli,
  description: "Name of the app.",
  position: 1,
  required: true,
  pattern: nameRegex,
  of: appName,
});
const number = input.text({
  ...cli,
  description: "Number of the pull or merge request.",
  placeholder: "number",
  position: 2,
  required: true,
  pattern: { regex: "^[1-9][0-9]{0,9}$", means: "a whole number, from 1" },
});
const plan = input.flag({ ...cli, description: "Say what would happen, with the exact diff, and change nothing." });
const shared = { ...connection, author, "commit-via": commitVia, "request-id": requestId, output };

export const previewUp = defineCommand({
  name: "preview-up",
  cli: "preview up",
  summary: "Bring the preview of a pull request up, or up to date",
  description:
    "Renders the app's templates, which lie on a branch and never in the pull request, and commits them with the state of the preview. It is refused for a commit that is not the head any more, for a closed pull request, without the image, and where there are too many already.",
  inputs: {
    app,
    number,
    sha: input.text({
      ...cli,
      description: "The commit at the head of the pull request, all of its digits.",
      placeholder: "sha",
      required: true,
      of: sha,
    }),
    image: input.list({
      ...cli,
      description:
        "Images of this commit, `name=reference`, such as `web=ghcr.io/acme/frontend@sha256:…`. A tag is resolved; a digest that the registry does not have is refused.",
      placeholder: "name=reference",
      pattern: {
        regex: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?=[^\\s,=][^\\s,]*$",
        means: "`name=reference`, such as `web=ghcr.io/acme/frontend:1.2.3`",
      },
    }),
    branch: input.text({
      ...cli,
      description: "The source branch, for `{{ pull.branch }}`. Without it: as the forge tells it.",
      placeholder: "branch",
      expand: false,
    }),
    plan,
    ...shared,
  },
  examples: [
    {
      title: "The preview of pull request 7",
      run: "glu preview up frontend 7 --sha 0123456789abcdef0123456789abcdef01234567 --image web=ghcr.io/acme/frontend:pr-7",
    },
  ],
});

export const previewDown = defineCommand({
  name: "preview-down",
  cli: "preview down",
  summary: "Take the preview of a pull request down",
  description:
    "Deletes what was recorded of it and nothing else, and leaves a tombstone: no job that comes late, or is run again, brings it back. A later push or reopening does.",
  inputs: { app, number, plan, ...shared },
  examples: [{ title: "It is needed no more", run: "glu preview down frontend 7" }],
});

export const previewExtend = defineCommand({
  name: "preview-extend",
  cli: "preview extend",
  summary: "Let a preview stay longer",
  description: "It stays at least that long from now, whatever its idle time and maximum age say.",
  inputs: {
    app,
    number,
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
    app: input.text({ ...cli, description: "Of this app only.", position: 1, pattern: nameRegex, of: appName }),
    ...connection,
    output,
  },
  examples: [{ title: "All of them", run: "glu preview list" }],
});

export const previewSweep = defineCommand({
  name: "preview-sweep",
  cli: "preview sweep",
  summary: "Take down previews that nobody needs any more",
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
