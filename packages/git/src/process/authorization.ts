import type { Setting } from "./environment.ts";

/** What opens an HTTP(S) repository. SSH and helpers bring their own. */
export interface Credentials {
  token: string;
  /** The user name beside the token. GitHub and most take any; a GitLab job token needs `gitlab-ci-token`. */
  username?: string;
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
  if (credentials === undefined || credentials.token === "") return (text) => text;
  const { token } = credentials;
  const encoded = Buffer.from(token).toString("base64");
  const forms = [basic(credentials), token, encodeURIComponent(token), encoded, encoded.replace(/=+$/, "")];
  return (text) => forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, "***"), text);
}

/** The value of the `Authorization` header (RFC 7617). */
export function basicAuthorization(credentials: Credentials): string {
  return `Basic ${basic(credentials)}`;
}

function basic({ token, username = "x-access-token" }: Credentials): string {
  return Buffer.from(`${username}:${token}`).toString("base64");
}
