import { GluError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLocation } from "./location.ts";

describe("a repository's location", () => {
  it.each([
    ["https://github.com/acme/config", "http", "https://github.com/acme/config"],
    ["https://git.test:8443/acme/config.git/", "http", "https://git.test:8443/acme/config.git"],
    ["http://127.0.0.1:1234/config.git", "http", "http://127.0.0.1:1234/config.git"],
    ["ssh://git@git.test:22/acme/config.git", "ssh", "ssh://git@git.test:22/acme/config.git"],
    ["git@github.com:acme/config.git", "ssh", "git@github.com:acme/config.git"],
    ["file:///srv/config.git", "local", "file:///srv/config.git"],
    ["/srv/config.git", "local", "/srv/config.git"],
    ["../config.git", "local", "/work/config.git"],
    ["./a:b", "local", "/work/here/a:b"],
    ["./a:b@git.test/c", "local", "/work/here/a:b@git.test/c"],
    ["/srv/a:b@git.test/c", "local", "/srv/a:b@git.test/c"],
    ["host:acme/config@2.git", "ssh", "host:acme/config@2.git"],
    ["git@git.test/acme/config", "local", "/work/here/git@git.test/acme/config"],
  ])("%s is %s", (given, kind, url) => {
    expect(parseLocation(given, "/work/here")).toEqual({ kind, url });
  });

  it.each([
    "",
    "-uploads",
    "--upload-pack=touch x",
    "ext::sh -c true",
    "fd::17",
    "git://git.test/x",
    "ftp://git.test/x",
    "javascript://x",
    "ssh://-oProxyCommand=true/x",
    "-oProxyCommand=true:x",
    "git@-oProxyCommand=true:x",
    "git@host:-x",
    "https://",
    "https://git.test/x\nHost: y",
    "https://git.test/x?token=1",
    "https://git.test/x#y",
    "https:/git.test/x",
    "http:git.test/x",
  ])("is not %j", (given) => {
    expect(() => parseLocation(given, "/work")).toThrow(expect.objectContaining({ code: "repository/location" }));
  });

  it.each([
    "https://user:hunter2@git.test/x.git",
    "https://hunter2@git.test/x.git",
    "ssh://git:hunter2@git.test/x.git",
    "HTTPS://a:hunter2@git.test/x.git",
    "https://a:hunter2@git.test/x.git\n",
    "a:hunter2@git.test/x.git",
    "a:hunter2@git.test:x.git",
    "a:hunter2@git.test",
    "a:hunter2@localhost/x.git",
    "a:hunter2/+=@git.test/x.git",
    "hunter2@git.test/x.git",
    "https:/a:hunter2@git.test/x.git",
    "https:a:hunter2@git.test/x.git",
    "https:/hunter2@git.test/x.git",
    "https//a:hunter2@git.test/x.git",
    "//a:hunter2@git.test/x.git",
    "-a:hunter2@git.test/x.git",
  ])("with credentials (%s) is refused, and they are not repeated", (given) => {
    let error: unknown;
    try {
      parseLocation(given, "/work");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "repository/credentials-in-url", kind: "usage" });
    expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  });

  it("is never something that Git takes for an option or a remote helper", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.stringMatching(/^[-a-z:@/.]{1,12}$/)), (given) => {
        try {
          const { url } = parseLocation(given, "/work");
          expect(url).not.toMatch(/^-|^[A-Za-z0-9+.-]+::/);
        } catch (error) {
          expect(error).toBeInstanceOf(GluError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
