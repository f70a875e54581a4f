import { GluError } from "@glu/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locate, parseImage, parseReference, registryUrl } from "./reference.ts";

const pinned = `sha256:${"a".repeat(64)}`;

describe("an image reference", () => {
  it.each([
    ["nginx", "nginx", undefined, undefined],
    ["nginx:1.27", "nginx", "1.27", undefined],
    ["ghcr.io/acme/web:1.2.3", "ghcr.io/acme/web", "1.2.3", undefined],
    ["localhost:5000/web", "localhost:5000/web", undefined, undefined],
    ["localhost:5000/web:v1", "localhost:5000/web", "v1", undefined],
    [`ghcr.io/acme/web@${pinned}`, "ghcr.io/acme/web", undefined, pinned],
    [`127.0.0.1:5000/a/b__c/d-e.f:T_1.x@${pinned}`, "127.0.0.1:5000/a/b__c/d-e.f", "T_1.x", pinned],
    ["[::1]:5000/web:v1", "[::1]:5000/web", "v1", undefined],
  ])("%s has name, tag and digest", (text, name, tag, digest) => {
    expect(parseReference(text)).toEqual({ name, tag, digest });
  });

  it.each([
    "",
    ":1",
    "web:",
    "web:-x",
    "Acme/web",
    "acme//web",
    "/web",
    "web/",
    "ghcr.io/",
    "ghcr.io/acme/web@sha256:abc",
    `web@sha512:${"a".repeat(128)}`,
    `web@${pinned.toUpperCase()}`,
    `web@${pinned}@${pinned}`,
    "web:1\n2",
    "../web",
    "a..b",
    "https://ghcr.io/acme/web",
    "user:pass@ghcr.io/acme/web:1",
    "ghcr.io/acme/web?x=1",
    "ghcr.io/acme/web#x",
    `web:${"x".repeat(129)}`,
    "a".repeat(256),
  ])("%j is refused with what was seen", (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: "input/image" }));
  });

  it("is either parsed into parts that make it again, or refused with a coded error", () => {
    const alphabet = fc.constantFrom(..."aZ09./:@-_ []\n%é".split(""), pinned, "localhost:5000/");
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        try {
          const { name, tag, digest } = parseReference(text);
          expect(`${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GluError);
        }
      }),
    );
  });
});

describe("the image input", () => {
  it("is a name and a reference", () => {
    expect(parseImage("web=ghcr.io/acme/web:1")).toMatchObject({ key: "web", name: "ghcr.io/acme/web", tag: "1" });
  });

  it.each([
    ["ghcr.io/acme/web:1", "no name"],
    ["=nginx:1", "its name"],
    ["Web=nginx:1", "its name"],
    ["web=nginx", "neither a tag nor a digest"],
    ["web=", "lower-case"],
  ])("%s is refused: %s", (text, why) => {
    expect(() => parseImage(text)).toThrow(why);
  });
});

describe("where an image lies", () => {
  it.each([
    ["nginx", "registry-1.docker.io", "library/nginx"],
    ["acme/web", "registry-1.docker.io", "acme/web"],
    ["docker.io/nginx", "registry-1.docker.io", "library/nginx"],
    ["index.docker.io/acme/web", "registry-1.docker.io", "acme/web"],
    ["ghcr.io/acme/web", "ghcr.io", "acme/web"],
    ["localhost/web", "localhost", "web"],
    ["Registry.Acme.example:443/web", "registry.acme.example:443", "web"],
  ])("%s is at %s as %s", (name, host, repository) => {
    expect(locate(name)).toEqual({ host, repository });
  });

  it("is reached over TLS, except on loopback", () => {
    expect(registryUrl("ghcr.io")).toBe("https://ghcr.io");
    expect(registryUrl("localhost:5000")).toBe("http://localhost:5000");
    expect(registryUrl("127.0.0.1:5000")).toBe("http://127.0.0.1:5000");
    expect(registryUrl("localhost.evil.example")).toBe("https://localhost.evil.example");
    expect(registryUrl("127.0.0.1.evil.example")).toBe("https://127.0.0.1.evil.example");
  });
});
