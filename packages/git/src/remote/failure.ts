import { type GluError, OutsideError, UserError } from "@glu/core";
import { reasonOf } from "./busy.ts";
import { type KnownRefusal, knownRefusals } from "./known-refusals.ts";
import { withoutNames } from "./without-names.ts";

export interface FailedCommand {
  /** What Git printed on standard error, without secrets. */
  stderr: string;
  /** The status line of `git push --porcelain` for the ref, if there was one. */
  status?: string;
  writing: boolean;
  /** For the message. */
  location: string;
  branch: string;
}

/**
 * Says what a failed fetch or push means and what to do. Only the message depends on Git's words, and never on what
 * repository, branch and server are called: whether something was written is known from the ref.
 */
export function explainFailure(failed: FailedCommand): GluError {
  const { location, branch } = failed;
  const words = withoutNames(`${failed.stderr}\n${reasonOf(failed.status)}`, { location, branch });
  const seen = said(failed);
  const known = knownRefusals.find(({ when }) => when.test(words));
  if (known !== undefined) return refused(known, { location, branch, seen, writing: failed.writing });
  for (const { when, explain } of explanations) {
    if (when.test(words)) return explain({ location, branch, seen, writing: failed.writing });
  }
  if (failed.status !== undefined) {
    return new OutsideError("repository/rejected", `${location} rejected the push to ${branch}: ${seen}`, {
      seen,
      fix: "The server's words say why; change that and run again.",
    });
  }
  return new OutsideError(
    "repository/unreachable",
    `Git could not ${failed.writing ? "push to" : "read"} ${location}: ${seen}`,
    {
      seen,
      fix: "Check the location and that the server answers, then run again.",
      transient: true,
    },
  );
}

function refused({ code, fix }: KnownRefusal, { location, branch, seen }: Context): GluError {
  const details = { seen, fix };
  switch (code) {
    case "protected":
      return new UserError(
        "repository/protected",
        `${location} does not let this token push to ${branch}: ${seen}`,
        details,
      );
    case "read-only":
      return new UserError(
        "repository/read-only",
        `${location} may be read but not written with this token: ${seen}`,
        details,
      );
    case "unauthorised":
      return new UserError("repository/unauthorised", `${location} did not accept the credentials: ${seen}`, details);
    default:
      return new UserError("repository/rejected", `${location} rejected the push to ${branch}: ${seen}`, details);
  }
}

interface Context {
  location: string;
  branch: string;
  seen: string;
  writing: boolean;
}

const tokenFix =
  "Give a token that may read it, and write where it is promoted to, as the 'token' input or in GLU_TOKEN; for SSH, load a key.";

const explanations: readonly { when: RegExp; explain: (context: Context) => GluError }[] = [
  {
    when: /detected dubious ownership/i,
    explain: ({ location, seen }) =>
      new UserError("repository/unsafe-directory", `Git does not trust ${location}: another user owns it.`, {
        seen,
        fix: `Run: git config --global --add safe.directory ${JSON.stringify(location)}`,
      }),
  },
  {
    when: /branch is currently checked out|refusing to update checked out branch/i,
    explain: ({ location, branch, seen }) =>
      new UserError("repository/rejected", `${branch} is checked out in ${location}, so Git does not let it move.`, {
        seen,
        fix: "Give a bare repository or the server's URL, or check out another branch there.",
      }),
  },
  {
    when: /certificate verif|SSL certificate problem|self[- ]signed certificate|unable to (?:get|verify) (?:the |local )*(?:issuer|first) cert|SEC_E_UNTRUSTED_ROOT|no alternative certificate subject name/i,
    explain: ({ location, seen }) =>
      new OutsideError("repository/certificate", `The certificate of ${location} cannot be trusted: ${seen}`, {
        seen,
        fix: "Let NODE_EXTRA_CA_CERTS name a file with the certificate of its authority, in PEM, before the process starts.",
      }),
  },
  {
    when: /returned error: 407|tunnel failed, response 407|proxy answers 407|HTTP code 407 from proxy/i,
    explain: ({ location, seen }) =>
      new OutsideError(
        "repository/unreachable",
        `The proxy on the way to ${location} did not accept its name and password, or there were none: ${seen}`,
        {
          seen,
          fix: "Give them in the proxy's address, percent-encoded: http://name:password@proxy.example:3128; or name the server in NO_PROXY.",
        },
      ),
  },
  {
    when: /returned error: 30[1278]|unable to update url base from redirection/i,
    explain: ({ location, seen }) =>
      new UserError("repository/moved", `${location} redirects to another URL, to which the token is not sent.`, {
        seen,
        fix: "Give the URL that it redirects to. GitLab wants '.git' at the end; a renamed repository has a new name.",
      }),
  },
  {
    when: /GH006|GH013|protected branch|protected_branch|not allowed to push code|rule violations|modified through (?:a )?pull request|required status check|TF402455/i,
    explain: ({ location, branch, seen }) =>
      new UserError("repository/protected", `${location} does not let this token push to ${branch}: ${seen}`, {
        seen,
        fix: `Let the identity of this token bypass the rules of ${branch} (a GitHub App or a deploy key on the bypass list; on GitLab a project token with a role that may push). The CI's built-in token cannot bypass branch rules.`,
      }),
  },
  {
    when: /\b(?:repo|repository|project|instance|mirror)\b.{0,80}\b(?:is|was|been) (?:temporarily )?(?:archived|read[- ]only)|\b(?:archived|read[- ]only) (?:repo|project|instance|mirror|gitlab)|marked as read[- ]only|read[- ]only file ?system|does not have write access|not authorized to write|write access to repository not granted|permission to .* denied|insufficient permission|unable to create temporary object|\bEROFS\b|permission denied: .*objects|service not enabled/i,
    explain: readOnly,
  },
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    explain: ({ location, seen }) =>
      new UserError("repository/host-key", `The server of ${location} has another key than known_hosts says: ${seen}`, {
        seen,
        fix: "Ask whoever runs the server. If it has a new key, put that into known_hosts; if not, somebody stands in between.",
      }),
  },
  {
    when: /Host key verification failed/i,
    explain: ({ location, seen }) =>
      new UserError("repository/host-key", `The server of ${location} is not in known_hosts: ${seen}`, {
        seen,
        fix: "Write its key into ~/.ssh/known_hosts, as the forge publishes it: where nobody can be asked, a strange key is refused.",
      }),
  },
  {
    when: /Permission denied \(|Authentication failed|could not read (?:Username|Password)|HTTP Basic: Access denied|invalid credentials|returned error: 401|terminal prompts disabled/i,
    explain: ({ location, seen }) =>
      new UserError(
        "repository/unauthorised",
        `${location} did not accept the credentials, or there were none: ${seen}`,
        {
          seen,
          fix: tokenFix,
        },
      ),
  },
  {
    when: /returned error: 403/i,
    explain: (context) =>
      context.writing
        ? readOnly(context)
        : new UserError(
            "repository/unauthorised",
            `${context.location} may not be read with this token: ${context.seen}`,
            {
              seen: context.seen,
              fix: tokenFix,
            },
          ),
  },
  {
    when: /repository .*not found|not found: did you run|cannot find repository|does not appear to be a git repository|returned error: 404|does not exist|could not be found|not a git repository|no such file or directory/i,
    explain: ({ location, seen }) =>
      new UserError("repository/not-found", `There is no repository at ${location}, or this token may not see it.`, {
        seen,
        fix: "Check the spelling. Servers also say 'not found' when the token may not see a private repository.",
      }),
  },
  {
    when: /no space left|disk quota|quota (?:has been |was |is )?exceeded|exceed(?:s|ed|ing)? .{0,60}\bquota|storage (?:quota|limit)/i,
    explain: ({ location, seen }) =>
      new OutsideError("repository/rejected", `There is no space left at or for ${location}: ${seen}`, {
        seen,
        fix: "Free space where Git said so, then run again.",
      }),
  },
];

function readOnly({ location, seen }: Context): GluError {
  return new UserError("repository/read-only", `${location} may be read but not written with this token: ${seen}`, {
    seen,
    fix: "Give a token with write access ('contents: write' on GitHub, 'write_repository' on GitLab), or, for a path, the rights on its files.",
  });
}

/** The words worth quoting: the server's, else Git's, without control characters and bounded. */
function said({ stderr, status }: FailedCommand): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.replace(/^(?:remote|fatal|error|warning): /, "").trim());
  const server = stderr.split(/[\r\n]+/).filter((line) => line.startsWith("remote: "));
  const chosen = server.length > 0 ? server.map((line) => line.slice("remote: ".length).trim()) : lines;
  const words = [...chosen, reasonOf(status)]
    .filter((line) => line !== "" && !/^(?:hint:|failed to push some refs)/.test(line))
    .join(" · ");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
  const clean = words.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").replace(/[\u0000-\u001f\u007f]/g, " ");
  return clean.length > 1000 ? `${clean.slice(0, 1000)}…` : clean || "it gave no reason";
}
