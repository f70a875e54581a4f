import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { requestPattern } from "./build-artifact.ts";
import {
  author,
  cache,
  commitVia,
  connection,
  hostToken,
  marksProposals,
  matrix,
  namePlaceholder,
  nameRegex,
  output,
  plan,
  requestId,
  token,
  waitPattern,
} from "./connection.ts";

/** What `promote` and `plan` are asked for. */
export const target = {
  artifact: input.text({
    description:
      "What to promote: an artifact's id or digest, `latest` (the newest that the environment's policy accepts), or the path of an artifact's JSON file.",
    default: "latest",
    refuseEmpty: true,
    placeholder: "artifact",
  }),
  app: input.list({
    description: "Apps to promote. Without it: the artifact's own app, or every app with `latest`.",
    placeholder: namePlaceholder,
    pattern: nameRegex,
    of: appName,
  }),
  environment: input.list({
    description:
      "Environments to promote to. Without it the policies decide. Naming one starts what no policy would; gates, pins and freezes hold all the same.",
    placeholder: namePlaceholder,
    pattern: nameRegex,
    of: envName,
  }),
  ...connection,
};

export const overwrite = input.flag({
  description: "Overwrite values that were changed by hand since the last release (else the promotion is held: drift).",
});

export const set = input.flag({ description: "All or nothing: if one promotion is not possible, none is made." });

export const override = input.list({
  description:
    "Gates to pass though they are not met, such as `freeze` or `soak`, where `break-glass` in the config names who asks. Needs a `reason`, and an `environment`; what was passed is recorded.",
  placeholder: "gate",
  pattern: { regex: "^[a-z][a-z-]{0,30}$", means: "a gate's name, such as freeze" },
});

export const promote = defineCommand({
  name: "promote",
  summary: "Promote release artifacts into environments, as one commit to the config repository",
  description:
    "Decides for each app and environment whether the artifact may become its desired state, edits the declared files byte-exactly, and commits. When somebody else pushed meanwhile it decides again on their commit; nothing is overwritten.",
  inputs: {
    mode: input.choice({
      description:
        "With `promote` goes what `artifact`, `app` and `environment` say; with `reconcile` Glu looks at everything and promotes what is ready, by policies and automatic edges; `app` and `environment` then say where to look.",
      placeholder: "mode",
      choices: ["promote", "reconcile"],
      default: "promote",
    }),
    ...target,
    token,
    reason: input.text({
      description:
        "Why, for the record and the commit message. Needed to promote what was rolled back or failed there.",
      placeholder: "text",
      expand: false,
    }),
    plan,
    "on-held": input.choice({
      description:
        "What the job does when a promotion is held: `fail` (exit code 3) or `succeed`. Without it: `fail` when `environment` is given, else `succeed`.",
      placeholder: "outcome",
      choices: ["fail", "succeed"],
    }),
    overwrite,
    override,
    set,
    wait: input.text({
      description:
        "How long to wait until what was proposed is merged, and what was released is verified, such as `1h`, where an environment has `propose` or `verify`. Without it the job ends when it is proposed or committed. What is not merged or verified in time, or closed, is held.",
      placeholder: "duration",
      pattern: waitPattern,
    }),
    "commit-message": input.text({
      description: "Subject of the commit. Without it: what was promoted where.",
      placeholder: "text",
      expand: false,
    }),
    cache: {
      ...cache,
      description:
        "With `mode: reconcile`, a folder that keeps what registries, Helm repositories and forges answered about `sources`, so that the next run asks only whether it has changed. Let the host's cache carry it from run to run.",
    },
    author,
    "commit-via": commitVia,
    request: input.text({
      description:
        "Do not decide here: ask this config repository to promote with these inputs. Same form as in `build-artifact`.",
      placeholder: "owner/name",
      pattern: requestPattern,
    }),
    "request-id": requestId,
    "host-token": hostToken,
    matrix,
    output,
  },
  outputs: {
    result:
      "The worst result: `refused`, `held`, `proposed`, `promoted`, `superseded`, `unchanged`, `planned` or `none`.",
    commit: "The commit that was made, or was made earlier for the same request; empty without one.",
    environments: "JSON: what runs after this, artifact ids keyed `env/app`.",
    "previous-artifact": "JSON: what ran before, artifact ids keyed `env/app`.",
    "pull-request-url":
      "The pull or merge request that proposes it, where the environment's changes are proposed; the first of several. Empty without one.",
    "pull-request-number": "Its number.",
    decision: "JSON: every decision with its gates and reasons.",
  },
  permissions: [
    {
      host: "github",
      scope: "contents",
      access: "write",
      reason: "pushes the release commit to the config branch; `read` is enough with `plan`",
    },
    {
      host: "github",
      scope: "pull-requests",
      access: "write",
      reason: "opens pull requests, where an environment has `propose`; leave it out elsewhere",
    },
    marksProposals,
    {
      host: "gitlab",
      scope: "write_repository",
      access: "write",
      reason: "pushes the release commit: a project access token in `GLU_TOKEN`, or a job token that may push",
    },
  ],
  examples: [
    { title: "Let the policies decide for everything that is new", run: "glu promote" },
    {
      title: "The newest artifact of one app into production, by hand",
      run: 'glu promote --app frontend --environment production --reason "release 1.2.3"',
    },
    {
      title: "Past a freeze, for those whom the config lets",
      run: 'glu promote --app frontend --environment production --override freeze --reason "incident 42"',
    },
    {
      title: "See the diff first",
      run: "glu promote --app frontend --environment production --plan",
    },
  ],
});
