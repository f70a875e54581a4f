import { appName, sha } from "@glu/core";
import { defineCommand, type Permission } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { author, commitVia, connection, hostToken, matrix, nameRegex, output, requestId, token } from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

export const appOptions = { description: "Name of the app.", position: 1, pattern: nameRegex, of: appName } as const;
export const numberOptions = {
  placeholder: "number",
  position: 2,
  pattern: { regex: "^[1-9][0-9]{0,9}$", means: "a whole number, from 1" },
} as const;
const number = input.text({
  ...numberOptions,
  description: "Number of the pull or merge request. Without it: the one that the job's event is about.",
});
export const plan = input.flag({ description: "Say what would happen, with the exact diff, and change nothing." });
export const shared = { ...connection, author, "commit-via": commitVia, "request-id": requestId, output };
const inJob = { token, "host-token": hostToken, matrix };

const outputs = {
  result: "What `state` says; `planned` with `plan`, and `none` where the pull request is to have no preview.",
  state:
    "What became of it: `created`, `updated`, `unchanged` or `refused`; going down `removed`, `closed` (there was none) or the last two.",
  reason: "Why it is refused, as a code; empty otherwise.",
  url: "Where people find it; empty where it has no address, or is not there.",
  host: "Its host.",
  namespace: "Its namespace.",
  commit: "The commit that was made; empty without one.",
  degraded: "What could not be done after the commit, which stands: such as the comment; empty otherwise.",
  "expires-at": "When it goes by itself, as RFC 3339.",
};
const permissions: Permission[] = [
  {
    host: "github",
    scope: "contents",
    access: "write",
    reason: "pushes the commit, where previews live in the repository of the job; elsewhere give a `token`",
  },
  {
    host: "github",
    scope: "pull-requests",
    access: "write",
    reason: "asks what the pull request is now, and comments on it; `read` is enough with `comment: false`",
  },
  {
    host: "gitlab",
    scope: "write_repository",
    access: "write",
    reason: "pushes the commit: a project access token in `GLU_TOKEN`, or a job token that may push",
  },
  {
    host: "gitlab",
    scope: "read_api",
    access: "read",
    reason: "asks what the merge request is now; `api` where it is to get the comment",
  },
];

export const previewUp = defineCommand({
  name: "preview-up",
  cli: "preview up",
  summary: "Bring the preview of a pull request up, or up to date",
  description:
    "Renders the app's templates, none of which is the pull request's, and commits them. Refused for a commit that is not its head, of a closed one, without the image, and beyond the limits.",
  inputs: {
    app: input.text({ ...appOptions, required: true }),
    number,
    sha: input.text({
      description: "The commit at its head, all of its digits. Without it: the one that the job's event is about.",
      placeholder: "sha",
      of: sha,
    }),
    image: input.list({
      description:
        "Images, such as `web=ghcr.io/acme/frontend:{{pull.sha}}`. A tag is resolved; a digest must be in the registry.",
      placeholder: "name=reference",
      pattern: {
        regex: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?=[^\\s,=][^\\s,]*$",
        means: "`name=reference`, such as `web=acme/web:1.2.3`",
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
    ...inJob,
  },
  outputs,
  permissions,
  examples: [
    {
      title: "The preview of pull request 7",
      run: "glu preview up frontend 7 --sha 0123456789abcdef0123456789abcdef01234567 --image web=ghcr.io/acme/frontend:pr-7",
    },
    { title: "In a job of a pull request", run: "glu preview up frontend --image web=ghcr.io/acme/frontend:pr-7" },
  ],
});

export const previewDown = defineCommand({
  name: "preview-down",
  cli: "preview down",
  summary: "Take the preview of a pull request down",
  description:
    "Deletes what was recorded of it and nothing else, and leaves a tombstone: no late job brings it back, a later push or reopening does.",
  inputs: { app: input.text({ ...appOptions, required: true }), number, plan, ...shared, ...inJob },
  outputs,
  permissions,
  examples: [{ title: "It is needed no more", run: "glu preview down frontend 7" }],
});
