import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges } from "./challenge.ts";

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("a WWW-Authenticate header", () => {
  it("names a token server, its service and a scope with commas", () => {
    expect(
      read('Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"'),
    ).toEqual([
      [
        "bearer",
        { realm: "https://auth.docker.io/token", service: "registry.docker.io", scope: "repository:a/b:pull,push" },
      ],
    ]);
  });

  it("can hold several challenges, bare values and escapes", () => {
    expect(read('basic Realm="a \\"b\\"" , BEARER realm=x,  service = y')).toEqual([
      ["basic", { realm: 'a "b"' }],
      ["bearer", { realm: "x", service: "y" }],
    ]);
    expect(read("Negotiate, Basic realm=x")).toEqual([
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ]);
  });

  it("never throws, whatever a server sends", () => {
    fc.assert(fc.property(fc.string(), (header) => Array.isArray(parseChallenges(header))));
    // What takes the square of a header's length would not end.
    for (const unit of [" ", ",", " ,", 'a="', "\\", "a=", "a "]) parseChallenges(`Bearer ${unit.repeat(1_000_000)}`);
  });
});
