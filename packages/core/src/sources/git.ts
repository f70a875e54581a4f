import { OutsideError } from "../errors.ts";
import type { Version } from "../model/artifact.ts";
import type { GitPart } from "../model/source.ts";
import type { SourceCommit } from "../ports/source-repository.ts";
import type { SourceKind } from "./kind.ts";

/** Tags or a branch of a Git repository. */
export const git: SourceKind<GitPart> = {
  kind: "git",

  async list({ repository, refs, order }, ports) {
    const what = refs === "branch" && order.kind === "name" ? { branch: order.name } : ({ tags: true } as const);
    return (await ports.git.list(repository, what)).map(({ name, commit }) => ({ name, id: commit }));
  },

  async pin(_part, { name, id }) {
    return id === undefined ? { missing: [name] } : { pinned: { commit: id } };
  },

  async read({ repository, refs }, { name }, { commit: sha = "" }, { ports }) {
    const commit = await ports.git.commit(repository, sha);
    if (commit === undefined) throw noCommit(repository, name, sha);
    return {
      version: {
        ...versionOf(commit),
        ...(refs === "branch" ? { event: "push" as const, branch: name } : { event: "tag" as const, tag: name }),
      },
      committedAt: commit.committedAt,
      vars: { gitRef: name, gitCommit: commit.sha },
    };
  },
};

/** What a commit says of itself. */
export function versionOf({
  sha,
  author,
  committer,
  message,
}: SourceCommit): Omit<Version, "repositoryName" | "event" | "branch"> {
  return {
    sha,
    authorName: author.name,
    authorEmail: author.email,
    committerName: committer.name,
    committerEmail: committer.email,
    message: message.trimEnd(),
  };
}

function noCommit(repository: string, name: string, sha: string): OutsideError {
  return new OutsideError("source/no-such-commit", `${repository} does not give the commit of ${name}.`, {
    seen: sha,
    fix: "Look whether the tag points to a commit, and whether the server lets this token read it. A source can ignore it.",
  });
}
