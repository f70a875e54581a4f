import { describe, expect, it } from "vitest";
import { explainFailure } from "./failure.ts";

const explain = (stderr: string, status?: string) =>
  explainFailure({
    stderr,
    ...(status === undefined ? {} : { status }),
    writing: status !== undefined,
    location: "https://git.test/acme/config",
    branch: "main",
  });

// Words of GitHub, GitLab, Gitea, OpenSSH, curl and Git itself.
describe("a failed command", () => {
  it.each([
    ["unauthorised", "remote: Invalid username or password.\nfatal: Authentication failed for 'https://git.test/x'\n"],
    ["unauthorised", "fatal: could not read Username for 'https://git.test': terminal prompts disabled\n"],
    ["unauthorised", "git@git.test: Permission denied (publickey).\nfatal: Could not read from remote repository.\n"],
    ["host-key", "Host key verification failed.\nfatal: Could not read from remote repository.\n"],
    [
      "host-key",
      "No ED25519 host key is known for [127.0.0.1]:2222 and you have requested strict checking.\nHost key verification failed.\n",
    ],
    [
      "host-key",
      "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\nHost key verification failed.\n",
    ],
    [
      "unauthorised",
      "remote: HTTP Basic: Access denied. The provided password or token is incorrect\nfatal: Authentication failed",
    ],
    ["unauthorised", "fatal: unable to access 'https://git.test/x/': The requested URL returned error: 403\n"],
    [
      "not-found",
      "error: \nerror: Cannot find repository: acme/web\nerror: \nfatal: Could not read from remote repository.\n",
    ],
    ["not-found", "remote: Repository not found.\nfatal: repository 'https://git.test/x/' not found\n"],
    [
      "not-found",
      "remote: The project you were looking for could not be found or you don't have permission to view it.\nfatal: repository 'https://git.test/x/' not found",
    ],
    [
      "not-found",
      "fatal: '/srv/x' does not appear to be a git repository\nfatal: Could not read from remote repository.\n",
    ],
    [
      "certificate",
      "fatal: unable to access 'https://git.test/x/': server certificate verification failed. CAfile: none CRLfile: none",
    ],
    [
      "certificate",
      "fatal: unable to access 'https://git.test/x/': SSL certificate problem: unable to get local issuer certificate",
    ],
    [
      "certificate",
      "fatal: unable to access 'https://git.test/x/': SSL: no alternative certificate subject name matches target host name 'git.test'",
    ],
    ["unreachable", "fatal: unable to access 'https://git.test/x/': Could not resolve host: git.test\n"],
    [
      "unreachable",
      "fatal: unable to access 'https://git.test/x/': Failed to connect to git.test port 443 after 1 ms: Connection refused\n",
    ],
    ["unreachable", "error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\n"],
    ["read-only", "error: \nerror: Deploy Key: 1:reads is not authorized to write to ada/deployments.\nerror: \n"],
    ["unsafe-directory", "fatal: detected dubious ownership in repository at '/srv/x'\n"],
  ])("is %s when Git says %j", (code, stderr) => {
    expect(explain(stderr)).toMatchObject({ code: `repository/${code}`, fix: expect.any(String) });
  });

  it.each([
    [
      "protected",
      "remote: error: GH013: Repository rule violations found for refs/heads/main.\n",
      "!\tx:y\t[remote rejected] (push declined due to repository rule violations)",
    ],
    [
      "protected",
      "remote: GitLab: You are not allowed to push code to protected branches on this project.\n",
      "!\tx:y\t[remote rejected] (pre-receive hook declined)",
    ],
    [
      "protected",
      "remote: Gitea: Not allowed to push to protected branch main\n",
      "!\tx:y\t[remote rejected] (pre-receive hook declined)",
    ],
    [
      "read-only",
      "remote: Permission to acme/config.git denied to github-actions[bot].\nfatal: unable to access 'x': The requested URL returned error: 403\n",
      "",
    ],
    [
      "read-only",
      "ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.\n",
      "",
    ],
    [
      "read-only",
      "remote: This repository was archived so it is read-only.\nfatal: unable to access 'x': The requested URL returned error: 403\n",
      "",
    ],
    [
      "read-only",
      "remote: error: insufficient permission for adding an object to repository database ./objects\n",
      "!\tx:y\t[remote rejected] (unpacker error)",
    ],
    [
      "rejected",
      "remote: commit message must have a JIRA id\n",
      "!\tx:y\t[remote rejected] (pre-receive hook declined)",
    ],
    [
      "protected",
      "remote: error: GH006: Protected branch update failed for refs/heads/main.\n",
      "!\tx:y\t[remote rejected] (protected branch hook declined)",
    ],
    [
      "protected",
      "remote: Branch refs/heads/main can only be modified through pull requests.\n",
      "!\tx:y\t[remote rejected] (pre-receive hook declined)",
    ],
    ["rejected", "remote: error: disk quota exceeded\n", "!\tx:y\t[remote rejected] (unpacker error)"],
    ["rejected", "remote: error: GH001: Large files detected.\n", "!\tx:y\t[remote rejected] (too large)"],
  ])("to write is %s when the server says %j", (code, stderr, status) => {
    expect(explain(stderr, status)).toMatchObject({ code: `repository/${code}`, fix: expect.any(String) });
  });

  it("is quoted and not explained away when a hook refuses it for a reason of its own", () => {
    const { message, fix } = explain(
      "remote: commit message must have a JIRA id\n",
      "!\tx:y\t[remote rejected] (pre-receive hook declined)",
    );
    expect(message).toContain("commit message must have a JIRA id");
    expect(fix).not.toMatch(/bypass/i);
  });

  it("quotes the server's words, bounded and without control characters", () => {
    const { message } = explain(
      `remote: \u001b[31mNo\u0007 way\nremote: ${"x".repeat(5000)}\nerror: failed to push some refs\n`,
      "!\tx:y\t[remote rejected] (no)",
    );
    expect(message).toMatch(/No.* way/);
    expect(message.length).toBeLessThan(1200);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });
});

it.each([
  "fatal: unable to access 'https://git.test/x/': The requested URL returned error: 407\n",
  "fatal: unable to access 'https://git.test/x/': CONNECT tunnel failed, response 407\n",
  "fatal: unable to access 'https://git.test/x/': Received HTTP code 407 from proxy after CONNECT\n",
])("a proxy that wants a password is told from the server: %s", (stderr) => {
  const error = explain(stderr);
  expect(error).toMatchObject({ code: "repository/unreachable", fix: expect.stringContaining("NO_PROXY") });
  expect(error.message).toContain("The proxy on the way to https://git.test/acme/config");
});
