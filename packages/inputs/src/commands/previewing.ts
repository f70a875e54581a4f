import { appName, sha } from "@glu/core";
import { defineCommand, type Permission } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import {
  author,
  commitVia,
  connection,
  hostToken,
  matrix,
  nameRegex,
  output,
  requestId,
  token,
  waitPattern,
} from "./connection.ts";

const cli = { hosts: ["cli"] } as const;

export const appOptions = { description: "Name of the app.", position: 1, pattern: nameRegex, of: appName } as const;
export const numberOptions = {
  placeholder: "number",
  position: 2,
  pattern: { regex: "^[1-9][0-9]{0,9}$", means: "a whole number, from 1" },
} as const;
const number = input.text({
  ...numberOptions,
  description: "Number of the pull or merge request. Without it: that of the job's event.",
});
export const plan = input.flag({ description: "Say what would happen, with the diff; change nothing." });
export const shared = { ...connection, author, "commit-via": commitVia, "request-id": requestId, output };
const inJob = { token, "host-token": hostToken, matrix };

const outputs = {
  result: "As `state`; `planned` with `plan`, `none` where it is to have none.",
  state:
    "`created`, `updated`, `unchanged` or `refused`; going down `removed`, `closed` (there was none) or the last two.",
  reason: "Why it is refused, as a code.",
  url: "Where people find it; empty where it has none.",
  host: "Its host.",
  namespace: "Its namespace.",
  commit: "The commit that was made, if any.",
  degraded: "What failed after the commit, which stands: a line each.",
  "expires-at": "When it goes by itself, as RFC 3339.",
};
const permissions: Permission[] = [
  {
    host: "github",
    scope: "contents",
    access: "write",
    reason: "pushes the commit; where previews live elsewhere give a `token`",
  },
  {
    host: "github",
    scope: "pull-requests",
    access: "write",
    reason: "looks at it, and comments; `read` is enough with `comment: false`",
  },
  {
    host: "github",
    scope: "deployments",
    access: "write",
    reason: "shows it as a deployment, unless `deployments: false`",
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
    reason: "looks at it; `api` to comment",
  },
];

export const previewUp = defineCommand({
  name: "preview-up",
  cli: "preview up",
  summary: "Bring the preview of a pull request up, or up to date",
  description:
    "Renders the app's templates, none of which is the pull request's, and commits them. Refused where it is closed, for another commit than its head, and beyond the limits.",
  inputs: {
    app: input.text({ ...appOptions, required: true }),
    number,
    sha: input.text({
      description: "The commit at its head, all of its digits. Without it: that of the job's event.",
      placeholder: "sha",
      of: sha,
    }),
    image: input.list({
      description:
        "Images of this commit, such as `web=ghcr.io/acme/frontend:1.2.3`. A tag is resolved, a digest looked for.",
      placeholder: "name=reference",
      pattern: {
        regex: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?=[^\\s,=][^\\s,]*$",
        means: "`name=reference`",
      },
    }),
    branch: input.text({
      ...cli,
      description: "For `{{ pull.branch }}`. Without it: its source branch.",
      placeholder: "branch",
      expand: false,
    }),
    wait: input.text({
      description: "How long to wait until `previews.health` answers with 2xx; if it does not, exit code 3.",
      placeholder: "duration",
      pattern: waitPattern,
    }),
    reseed: input.flag({ ...cli, description: "Fill its data anew: by another `{{ preview.seed }}`." }),
    plan,
    ...shared,
    ...inJob,
  },
  outputs: { ...outputs, health: "`healthy`, `unhealthy`, or `unknown` without `wait`." },
  permissions,
  examples: [
    {
      title: "The preview of pull request 7",
      run: "glu preview up frontend 7 --sha 0123456789abcdef0123456789abcdef01234567",
    },
    { title: "In a job of a pull request", run: "glu preview up frontend --image web=ghcr.io/acme/frontend:pr-7" },
  ],
});

export const previewDown = defineCommand({
  name: "preview-down",
  cli: "preview down",
  summary: "Take the preview of a pull request down",
  description:
    "Deletes what was recorded of it and leaves a tombstone: no late job brings it back, a later push or reopening does.",
  inputs: { app: input.text({ ...appOptions, required: true }), number, plan, ...shared, ...inJob },
  outputs,
  permissions,
  examples: [{ title: "It is needed no more", run: "glu preview down frontend 7" }],
});
