import { expect, it } from "vitest";
import { credentialsFor, type TokenSource } from "./token.ts";

const server = "https://github.com";
const sent = (location: string, source: TokenSource, namedIn?: string) =>
  credentialsFor(location, { source, value: "s3cret", username: undefined }, server, namedIn) !== undefined;

it.each([
  ["https://github.com/acme/config.git", "host", undefined, true],
  ["https://git.example/acme/config.git", "host", undefined, false],
  ["https://git.example/acme/config.git", "input", undefined, true],
  ["http://git.example/acme/config.git", "input", undefined, false],
  ["http://127.0.0.1:3000/acme/config.git", "input", undefined, true],
  ["git@github.com:acme/config.git", "input", undefined, false],
  ["/srv/config.git", "input", undefined, false],
  // Named by a config, not by an input.
  ["https://git.example/acme/prod.git", "input", "https://git.example/acme/config.git", true],
  ["https://git.example/acme/prod.git", "input", "git@git.example:acme/config.git", true],
  ["https://git.example/acme/prod.git", "input", "ssh://git@git.example:22/acme/config.git", true],
  ["https://github.com/acme/prod.git", "GLU_TOKEN", "https://git.example/acme/config.git", true],
  ["https://evil.example/acme/prod.git", "input", "https://git.example/acme/config.git", false],
  ["https://git.example:8443/acme/prod.git", "GLU_TOKEN", "https://git.example/acme/config.git", false],
  ["https://evil.example/acme/prod.git", "GLU_TOKEN", "/srv/config.git", false],
] as const)("to %s a token from %s, named in %s, goes: %s", (location, source, namedIn, goes) => {
  expect(sent(location, source, namedIn)).toBe(goes);
});
