import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBusy } from "./busy.ts";
import { explainFailure } from "./failure.ts";

interface Called {
  owner: string;
  repository: string;
  host: string;
  branch: string;
}

/** What Git and servers say, with the names in it. */
const said: readonly {
  stderr: (called: Called & { url: string }) => string;
  reason?: string;
  overSsh?: boolean;
}[] = [
  { stderr: ({ url }) => `fatal: unable to access '${url}/': The requested URL returned error: 503\n` },
  { stderr: ({ url }) => `fatal: unable to access '${url}/': The requested URL returned error: 403\n` },
  { stderr: ({ url, host }) => `fatal: unable to access '${url}/': Could not resolve host: ${host}\n` },
  {
    stderr: ({ url, host }) => `fatal: unable to access '${url}/': Failed to connect to ${host} port 443 after 1 ms\n`,
  },
  { stderr: ({ url }) => `remote: Repository not found.\nfatal: repository '${url}/' not found\n` },
  { stderr: ({ url }) => `remote: Invalid username or password.\nfatal: Authentication failed for '${url}/'\n` },
  { stderr: ({ host }) => `fatal: could not read Username for 'https://${host}': terminal prompts disabled\n` },
  { stderr: ({ host }) => `ssh: connect to host ${host} port 22: Connection refused\n`, overSsh: true },
  { stderr: ({ host }) => `ssh: Could not resolve hostname ${host}: Name or service not known\n`, overSsh: true },
  { stderr: ({ host }) => `git@${host}: Permission denied (publickey).\n`, overSsh: true },
  {
    stderr: ({ owner, repository, url }) =>
      `remote: Permission to ${owner}/${repository}.git denied to bot.\nfatal: unable to access '${url}/': The requested URL returned error: 403\n`,
    reason: "",
  },
  {
    stderr: ({ branch }) => `remote: error: GH006: Protected branch update failed for refs/heads/${branch}.\n`,
    reason: "protected branch hook declined",
  },
  {
    stderr: ({ branch }) => `remote: Gitea: Not allowed to push to protected branch ${branch}\n`,
    reason: "pre-receive hook declined",
  },
  {
    stderr: ({ owner, repository, branch }) =>
      `remote: ${owner}/${repository}: the commit message on refs/heads/${branch} must have a JIRA id\n`,
    reason: "pre-receive hook declined",
  },
  {
    stderr: ({ owner, repository }) =>
      `remote: see https://wiki.test/${owner}%2F${repository} and ${owner}/${repository}\n`,
    reason: "pre-receive hook declined",
  },
  { stderr: ({ branch }) => `error: refusing to update checked out branch: refs/heads/${branch}\n`, reason: "no" },
  { stderr: () => "remote: fatal: write error: No space left on device\n", reason: "unpacker error" },
];

// Words that the explanations look for, as names.
const word = fc.constantFrom(
  ...[
    "archived",
    "quota",
    "read-only",
    "protected",
    "lock",
    "denied",
    "moved",
    "rule-violations",
    "GH006",
    "fetch-first",
  ],
  ...["invalid-credentials", "not-found", "EROFS", "hook", "unpacker", "config", "e", "main", "401"],
);
const name = fc.oneof(
  word,
  fc.tuple(word, fc.constantFrom("-", ".", "_"), word).map((parts) => parts.join("")),
  fc.stringMatching(/^[A-Za-z0-9][\w-]{0,12}$/),
);
const branch = fc.oneof(
  name,
  fc.tuple(name, name).map((parts) => parts.join("/")),
);
const host = fc
  .oneof(name, fc.constant("protected.branch"))
  .map((text) => `${text.toLowerCase().replaceAll("_", "-")}.example`);

describe("what a failure means", () => {
  it.each(said.map((one, index) => [one.stderr({ ...plain, url: "URL" }).trim() || index, one] as const))(
    "does not depend on names: %s",
    (_said, one) => {
      const expected = codeOf(one, plain);
      fc.assert(
        fc.property(fc.record({ owner: name, repository: name, host, branch }), (called) => {
          expect(codeOf(one, called)).toBe(expected);
        }),
      );
    },
  );

  it("is that a server is out of order, whatever the repository is called", () => {
    for (const repository of ["archived-config", "quota-config", "read-only-cfg", "no space left", "archived"]) {
      expect(codeOf(said[0] as (typeof said)[number], { ...plain, repository })).toBe(
        "repository/unreachable transient",
      );
    }
  });

  it("is that a lock was in the way only when Git says so", () => {
    expect(isBusy("!\tabc:refs/heads/block-party\t[remote rejected] (pre-receive hook declined)")).toBe(false);
    expect(isBusy("!\tabc:refs/heads/x\t[remote rejected] (cannot lock ref 'refs/heads/x')")).toBe(true);
  });
});

const plain: Called = { owner: "acme", repository: "config", host: "git.test", branch: "main" };

function codeOf({ stderr, reason, overSsh }: (typeof said)[number], called: Called): string {
  const { owner, repository, host: server, branch: on } = called;
  const url = overSsh
    ? `git@${server}:${owner}/${repository}.git`
    : new URL(`https://${server}/${owner}/${repository}`).href;
  const error = explainFailure({
    stderr: stderr({ ...called, url }),
    ...(reason === undefined ? {} : { status: `!\tabc:refs/heads/${on}\t[remote rejected] (${reason})` }),
    writing: reason !== undefined,
    location: url,
    branch: on,
  });
  return `${error.code}${"transient" in error && error.transient ? " transient" : ""}`;
}
