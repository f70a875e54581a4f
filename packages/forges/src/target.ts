import { refName, UserError } from "@glu/core";

export const forgeNames = ["github", "gitlab", "gitea"] as const;
export type ForgeName = (typeof forgeNames)[number];

/** Whom a request goes to. */
export interface RequestTarget {
  /** `owner/name`; on GitLab with all groups. */
  repository: string;
  /** A workflow's file, e.g. `promote.yml`. Not on GitLab, where a project has one pipeline. */
  workflow: string | undefined;
  /** A branch or tag to run on; `undefined` is the default branch. */
  ref: string | undefined;
}

const part = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,254})$/;
const file = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}\.ya?ml$/;

const grammar: Readonly<Record<ForgeName, string>> = {
  github: "owner/name (a repository_dispatch), or owner/name/promote.yml@main (a workflow_dispatch)",
  gitea: "owner/name/promote.yml@main",
  gitlab: "group/project@main",
};

/**
 * The `request` input.
 * @throws UserError `input/request`.
 */
export function parseTarget(text: string, forge: ForgeName): RequestTarget {
  const refuse = (why: string): never => {
    throw new UserError("input/request", `${JSON.stringify(text)} is not a repository to ask: ${why}.`, {
      seen: text,
      fix: `Give ${grammar[forge]}.`,
    });
  };
  const at = text.indexOf("@");
  const path = at < 0 ? text : text.slice(0, at);
  const ref = at < 0 ? undefined : text.slice(at + 1);
  if (ref !== undefined) refName(ref);
  const parts = path.split("/");
  const last = parts.at(-1) ?? "";
  const workflow = forge !== "gitlab" && parts.length === 3 ? last : undefined;
  if (workflow !== undefined && !file.test(workflow)) refuse(`${JSON.stringify(workflow)} is not a workflow's file`);
  const repository = workflow === undefined ? parts : parts.slice(0, -1);
  if (!repository.every((name) => part.test(name) && !name.endsWith("."))) refuse("a part is not a name");
  if (forge === "gitlab" ? repository.length < 2 : repository.length !== 2) refuse("it needs an owner and a name");
  if (forge === "gitea" && workflow === undefined) refuse("Gitea has no repository_dispatch, so it needs a workflow");
  if (forge === "github" && workflow === undefined && ref !== undefined) {
    refuse("a repository_dispatch always runs on the default branch");
  }
  return { repository: repository.join("/"), workflow, ref };
}
