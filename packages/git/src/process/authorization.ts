import type { Setting } from "./environment.ts";

/** What opens an HTTP(S) repository. SSH and helpers bring their own. */
export interface Credentials {
  token: string;
  /** The user name beside the token. GitHub and most take any; a GitLab job token needs `gitlab-ci-token`. */
  username?: string;
  /**
   * The token of the moment, of one that ends while it is used; it may be made anew for that. Asked before each request,
   * and then `token` is the same.
   */
  now?: () => Promise<string>;
}

/** The credentials as they are now. @throws what making a token throws */
export async function currentCredentials({ token, username, now }: Credentials): Promise<Credentials> {
  const current = now === undefined ? token : await now();
  return { token: current, ...(username === undefined ? {} : { username }) };
}

/**
 * Settings that send the token to this URL and nowhere else. An empty `extraHeader` first drops inherited ones, which
 * would be sent beside ours; the key is the whole URL because Git prefers the most specific. Redirects are not followed:
 * Git would send the header on to wherever they lead.
 */
export function authorize(url: string, credentials: Credentials): Setting[] {
  const key = `http.${url}.extraHeader`;
  return [
    [key, ""],
    [key, `Authorization: ${basicAuthorization(credentials)}`],
    ["credential.helper", ""],
    [`http.${url}.followRedirects`, "false"],
  ];
}

/** Replaces the token, in each form that could be printed, by `***`. */
export function scrubber(credentials: Credentials | undefined): (text: string) => string {
  if (credentials === undefined) return (text) => text;
  return (text) => {
    const { token } = credentials;
    if (token === "") return text;
    const encoded = Buffer.from(token).toString("base64");
    const forms = [basic(credentials), token, encodeURIComponent(token), encoded, encoded.replace(/=+$/, "")];
    return forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, "***"), text);
  };
}

/** The value of the `Authorization` header (RFC 7617). */
export function basicAuthorization(credentials: Credentials): string {
  return `Basic ${basic(credentials)}`;
}

function basic({ token, username = "x-access-token" }: Credentials): string {
  return Buffer.from(`${username}:${token}`).toString("base64");
}
