import { appName, sha } from "@glu/core";
import { defineCommand, type Permission } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import {
  author,
  commitVia,
  connection,
  hostToken,
  imageRegex,
  matrix,
  nameRegex,
  output,
  plan,
  pushesOnGitlab,
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

export { plan };
export const shared = { ...connection, author, "commit-via": commitVia, "request-id": requestId, output };
const inJob = { token, "host-token": hostToken, matrix };

const outputs = {
  result: "As `state`; `planned` with `plan`, `none` where it is to have none.",
  state:
    "`created`, `updated`, `unchanged`, `refused`; going down `removed`, `closed` (there was none); of a sweep `swept`, `incomplete`.",
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
    reason: "pushes the commit; elsewhere give a `token`",
  },
  {
    host: "github",
    scope: "pull-requests",
    access: "write",
    reason: "asks how it stands, and comments on it; `read` with `comment: false`",
  },
  {
    host: "github",
    scope: "deployments",
    access: "write",
    reason: "shows it as a deployment, unless `deployments: false`",
  },
  pushesOnGitlab,
  {
    host: "gitlab",
    scope: "read_api",
    access: "read",
    reason: "asks how it stands; `api` to comment on it",
  },
];

export const previewUp = defineCommand({
  name: "preview-up",
  cli: "preview up",
  summary: "Bring a pull request's preview up, or up to date",
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
      description: "Images, such as `web=ghcr.io/acme/frontend:{{pull.sha}}`. A tag is resolved, a digest looked for.",
      placeholder: "name=reference",
      pattern: imageRegex,
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
  outputs: {
    ...outputs,
    health: "`healthy`, `unhealthy`, or `unknown` without `wait`.",
    evicted: "What went for it, such as `web pr-7`, by comma.",
  },
  permissions,
  examples: [
    {
      title: "The preview of pull request 7",
      run: "glu preview up frontend 7 --sha 0123456789abcdef0123456789abcdef01234567",
    },
  ],
});

export const previewDown = defineCommand({
  name: "preview-down",
  cli: "preview down",
  summary: "Take a pull request's preview down",
  description:
    "Deletes what was recorded of it, and leaves a tombstone: no late job brings it back, a later push or reopening does.",
  inputs: {
    app: input.text({
      ...appOptions,
      description: "Name of the app. Without it: all, of a sweep or a deleted branch.",
    }),
    number,
    mode: input.choice({
      description: "Why: `close`; `command`, although it is open; `sweep`. Without it: by the event.",
      placeholder: "mode",
      choices: ["close", "command", "sweep"],
    }),
    force: input.flag({ description: "A sweep takes down as many as it finds." }),
    plan,
    ...shared,
    ...inJob,
  },
  outputs: {
    ...outputs,
    swept: "What a sweep took down, by comma.",
    missing: "Those with files missing.",
    kept: "How many stay.",
    commits: "All commits, by comma.",
  },
  permissions,
  examples: [{ title: "It is needed no more", run: "glu preview down frontend 7" }],
});
