/** `owner/name` and URL of a remote as Git is configured with it, without the credentials that it may have. */
export function parseRemote(url: string): { name: string; url: string } {
  const clean = withoutCredentials(url);
  const path =
    /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*\/(.*)$/.exec(clean)?.[1] ?? /^[^/\\]{2,}?:(.*)$/.exec(clean)?.[1] ?? clean;
  const parts = path.split(/[\\/]+/).filter((part) => part !== "");
  const local = path === clean || clean.startsWith("file:");
  const name = (local ? parts.slice(-2) : parts).join("/").replace(/\.git$/, "");
  return { name, url: clean };
}

/** A job's checkout may hold its token in the remote's URL, as GitLab's does. An SSH user name is no secret. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/i, "$1").replace(/^(ssh:\/\/[^/@:]*):[^/@]*@/i, "$1@");
}
