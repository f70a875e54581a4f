import { type Identity, OutsideError, type Sha, sealed } from "@glu/core";
import { openCallerConfig } from "../commits/caller-config.ts";
import { commitMessage, identityPart } from "../commits/commit-text.ts";
import { type CommitSettings, readCommitSettings } from "../commits/identity.ts";
import type { NewCommit } from "../remote/remote.ts";
import { importStream } from "./fast-import.ts";
import type { GitCommands } from "./git-commands.ts";

/**
 * Makes a commit here, without a working tree or an index. It is by the identity that Git is configured with where the
 * caller stands, and signed when Git is configured to sign there.
 */
export async function buildCommit(git: GitCommands, commit: NewCommit): Promise<Sha> {
  const configured = await readSettings(git);
  const by = { ...configured, author: commit.author ?? configured.author };
  const seconds = Math.floor(git.options.clock.now() / 1000);
  const input = importStream({
    ref: "refs/glu/new",
    ...(commit.parent === undefined ? {} : { parent: commit.parent }),
    author: by.author,
    committer: by.committer,
    seconds,
    message: commit.message,
    files: commit.files,
  });
  const printed = await git.output("work", ["fast-import", "--quiet", "--force", "--done"], { input });
  const unsigned = printed.toString("latin1").trim() as Sha;
  // fast-import can neither sign nor tell the tree before it has the message.
  return by.sign || commit.isSealed ? commitAgain(git, unsigned, commit, by, seconds) : unsigned;
}

/** The same commit by `git commit-tree`: signed, or with its tree in the message. */
async function commitAgain(
  git: GitCommands,
  unsigned: Sha,
  { parent, message, isSealed }: NewCommit,
  { author, committer, sign, signing }: CommitSettings,
  seconds: number,
): Promise<Sha> {
  const parents = parent === undefined ? [] : ["-p", parent];
  const tree = (await git.output("work", ["rev-parse", `${unsigned}^{tree}`])).toString("latin1").trim() as Sha;
  const how = sign ? ["-S"] : [];
  const signed = await git.run("work", ["commit-tree", ...how, ...parents, "-F", "-", tree], {
    input: commitMessage(isSealed ? sealed(message, tree, author) : message),
    settings: signing,
    env: { ...variables("AUTHOR", author, seconds), ...variables("COMMITTER", committer, seconds) },
  });
  if (signed.code === 0) return signed.stdout.toString("latin1").trim() as Sha;
  const seen = signed.stderr.trim().slice(0, 1000);
  throw new OutsideError("git/signing-failed", `Git is configured to sign commits, but could not: ${seen}`, {
    seen,
    fix: "Make the key of user.signingKey usable without a prompt here, or set commit.gpgSign to false.",
  });
}

function variables(role: "AUTHOR" | "COMMITTER", { name, email }: Identity, seconds: number): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: identityPart(name) || "unknown",
    [`GIT_${role}_EMAIL`]: identityPart(email),
    [`GIT_${role}_DATE`]: `${seconds} +0000`,
  };
}

async function readSettings({ options }: GitCommands): Promise<CommitSettings> {
  const { callerConfig = openCallerConfig(options), env } = options;
  return readCommitSettings(await callerConfig(), env);
}
