import { refName, requestId as requestIdName } from "@glu/core";
import type { Permission } from "../schema/command.ts";
import { input } from "../schema/input.ts";

// Inputs that several commands share, word for word.

export const configRepository = input.text({
  description:
    "The repository whose content is what runs: a URL, `owner/name` on this forge, or a local path. Without it: the repository this runs in.",
  placeholder: "repository",
});

export const ref = input.text({
  description: "The branch of the config repository. Without it: its default branch.",
  placeholder: "branch",
  of: refName,
});

export const config = input.text({
  description:
    "Path of the configuration in the config repository. Without it: `glu.yaml` or `glu.config.ts` at its root.",
  placeholder: "path",
});

export const token = input.text({
  description:
    "The token for Git and the forge's API. Without it: `GLU_TOKEN`, else the host's own. On GitLab give the name of a masked variable, `$DEPLOY_TOKEN`. There is no flag for it: a command line is seen by every process.",
  hosts: ["action", "gitlab"],
  secret: true,
  // An unexpanded `$NAME` means that the variable is not there (protected variables exist on protected branches only).
  pattern: {
    regex: "^[^$\\s]+$",
    means: "the token itself; a `$NAME` left in it is a variable that does not exist in this job",
  },
});

/** The built-in token: an action gets it by a default only, and `GLU_TOKEN` must win over it. */
export const hostToken = input.text({
  description: "The built-in token of the job. Leave it alone and give `token`: this one is the last that is taken.",
  hosts: ["action"],
  hidden: true,
  secret: true,
  actionDefault: "${{ github.token }}",
});

/** Makes each leg of a matrix a request of its own. */
export const matrix = input.text({
  description: "The matrix of the job, as JSON. Leave it alone: it tells apart the legs of a matrix in a request's id.",
  hosts: ["action"],
  hidden: true,
  actionDefault: "${{ toJSON(matrix) }}",
  multiline: true,
});

export const author = input.text({
  description:
    "Author of the commit, `Name <email>`. Without it: Git's own identity (`user.name` and `user.email`, or `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`), else `Glu Actions`.",
  placeholder: "author",
  pattern: { regex: "^[^<>\\r\\n]+ <[^<>\\s]+>$", means: "a name and an address, `Ada Lovelace <ada@example.org>`" },
  expand: false,
});

/** How the config repository is read and written. */
export const commitVia = input.choice({
  description:
    "How the config repository is written: `wire` (Git's protocol, without Git), `git` (the Git binary), or `api` (GitHub's: commits that GitHub signs; what it cannot carry goes by Git, with a notice). With `auto`, and without it: by the wire, by Git where the wire does not fit, and by the API where GitHub wants signed commits.",
  placeholder: "way",
  choices: ["auto", "wire", "git", "api"],
});

export const output = input.choice({
  description:
    "How the answer is written to standard output: `text` for people, `json` for programs, `markdown` for a comment.",
  hosts: ["cli"],
  short: "o",
  placeholder: "format",
  choices: ["text", "json", "markdown"],
  default: "text",
});

/** What earlier runs were told by servers of sources. */
export const cache = input.text({
  description:
    "A folder that keeps what registries, Helm repositories and forges answered about `sources`, so that the next run asks only whether it has changed. Let the host's cache carry it from run to run.",
  placeholder: "dir",
});

export const requestId = input.text({
  description:
    "Your own id of this request: asking again with the same id does nothing and answers as the first time. Without it: random.",
  hosts: ["cli"],
  placeholder: "id",
  of: requestIdName,
});

/** The config repository as every command that reads it takes it. */
export const connection = { "config-repository": configRepository, ref, config };

export const plan = input.flag({ description: "Say what would happen, with the exact diff, and change nothing." });

/** One image, by what it is called. */
export const imageRegex = {
  regex: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?=[^\\s,=][^\\s,]*$",
  means: "`name=reference`, such as `web=ghcr.io/acme/frontend:1.2.3`",
};

/** What marks proposals needs it. */
export const marksProposals: Permission = {
  host: "github",
  scope: "statuses",
  access: "write",
  reason:
    "marks what is proposed with whether it may be merged, where an environment has `propose`; leave it out elsewhere",
};

/** What commits needs it on GitLab. */
export const pushesOnGitlab: Permission = {
  host: "gitlab",
  scope: "write_repository",
  access: "write",
  reason: "pushes the commit: a project access token in `GLU_TOKEN`, or a job token that may push",
};

/** One name of an app or environment. */
export const nameRegex = {
  regex: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
  means: "1 to 63 of a-z, 0-9 and '-', a letter or digit first and last",
};
export const namePlaceholder = "name";

/** How long a job waits for something. */
export const waitPattern = {
  regex: "^([0-9]{1,6}[smhdw]){1,5}$",
  means: "a duration, such as 30m, 2h or 1d",
} as const;
