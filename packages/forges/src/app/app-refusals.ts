import { type GluError, OutsideError, UserError } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import { quoting, saidBy } from "../said-by.ts";

/** What GitHub's no to an App means. @param now milliseconds since the epoch, by this machine */
export function refuseApp(response: ForgeResponse, repository: string, jwt: string, now: number): GluError {
  const seen = saidBy(response, jwt);
  const { status } = response;
  // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/troubleshooting-json-web-tokens
  if (status === 401 && /'(?:Issued at|Expiration time)' claim|\b(?:iat|exp)\b/i.test(seen)) {
    return new UserError("app/clock", `The clock of this machine is wrong${differenceOf(response, now)}.`, {
      seen,
      fix: "Set it (NTP) and run again: GitHub takes what an App signs for ten minutes, and not from the future.",
    });
  }
  if (status === 401 || (status === 404 && /integration not found/i.test(seen))) {
    return new UserError("app/unauthorised", quoting("GitHub does not accept the App's signature.", seen), {
      seen,
      fix:
        "Check that GLU_APP_ID is the App's client id or number, not that of its installation, and that " +
        "GLU_APP_PRIVATE_KEY is a key of the same App that was not deleted.",
    });
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return new UserError("app/not-installed", `The App is not installed for ${repository}.`, {
      seen,
      fix: `Install it there (the App's page > Install App), with access to ${repository}; check the name.`,
    });
  }
  if (status === 403 && /suspended/i.test(seen)) return suspended(repository, seen);
  if (status === 403 || status === 422) {
    return new UserError("app/permission", quoting(`The App may not be given a token for ${repository}.`, seen), {
      seen,
      fix: "Accept the App's new permissions where it is installed, and give its installation access to the repository.",
    });
  }
  return new OutsideError(
    "app/unexpected",
    quoting(`The answer to the App for ${repository} is not understood.`, seen),
    {
      seen,
      fix: "Look at GitHub's status page; run the job again.",
    },
  );
}

export function suspended(repository: string, seen: string): UserError {
  return new UserError("app/suspended", `The App's installation for ${repository} is suspended.`, {
    seen,
    fix: "Unsuspend it in the settings of whoever owns the repository: Applications > Installed GitHub Apps.",
  });
}

function differenceOf({ headers }: ForgeResponse, now: number): string {
  const server = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(server)) return "";
  const seconds = Math.round((now - server) / 1000);
  return `: it is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} GitHub's`;
}
