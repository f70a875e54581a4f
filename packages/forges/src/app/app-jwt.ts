import { type KeyObject, sign } from "node:crypto";

/** Seconds that a token of an App's own counts, from now; GitHub takes ten minutes at most. */
const life = 9 * 60;

/** Seconds by which this machine's clock may be ahead. */
const ahead = 60;

/**
 * What an App shows GitHub to be told its installations
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * @param now milliseconds since the epoch
 */
export function signAppJwt(id: string, key: KeyObject, now: number): string {
  const second = Math.floor(now / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: second - ahead, exp: second + life, iss: id })}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
