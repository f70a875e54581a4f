import { describe, expect, it } from "vitest";
import { verifyArtifact } from "./digest.ts";
import { importGimletd } from "./import-gimletd.ts";

const old = {
  id: "acme/shop-0f9a5d2e-1111-2222-3333-444455556666",
  created: 1_622_792_757,
  version: {
    repositoryName: "acme/shop",
    sha: "ea9ab7cc31b2599bf4afcfd639da516ca27a4780",
    created: 1_622_792_700,
    branch: "main",
    event: "push",
    authorName: "Ada",
    message: "Fix it\n",
    tag: "",
  },
  context: { CI: "true", AWS_SECRET_ACCESS_KEY: "hunter2" },
  environments: [
    {
      app: "web",
      env: "staging",
      namespace: "shop",
      chart: { repository: "https://charts.acme.dev", name: "onechart", version: "0.10.0" },
      values: { image: { tag: "{{ .SHA }}" } },
    },
    { app: "web", env: "production", namespace: "shop" },
    { app: "api", env: "staging", namespace: "shop" },
  ],
  items: [{ name: "CI", url: "https://ci.acme.dev/42" }, { SHA: "ea9ab7c" }],
};
const keep = (name: string) => name === "CI";

describe("an artifact of GimletD", () => {
  const imported = importGimletd(old, keep);

  it("becomes one artifact per app, with the old id", () => {
    expect(imported.map(({ app, importedId, environments }) => [app, importedId, environments.length])).toEqual([
      ["web", old.id, 2],
      ["api", old.id, 1],
    ]);
    for (const artifact of imported)
      expect(verifyArtifact(JSON.parse(JSON.stringify(artifact)), "x").artifact).toEqual(artifact);
  });

  it("keeps the source commit's time and the variables of its items", () => {
    expect(imported[0]).toMatchObject({ committedAt: "2021-06-04T07:45:00.000Z", vars: { SHA: "ea9ab7c" } });
    expect(imported[0]!.version).not.toHaveProperty("tag");
  });

  it("leaves the environment it dumped behind, tokens with it", () => {
    expect(JSON.stringify(imported)).not.toContain("hunter2");
    expect(imported[0]!.context).toEqual({ CI: "true" });
  });

  it("is one of a list", () => {
    const other = { ...old, id: "other", environments: [{ app: "web-{{ .SHA }}", env: "staging" }] };
    const list = importGimletd([old, other], keep);
    expect(list.map(({ app, importedId }) => [app, importedId])).toEqual([
      ["web", old.id],
      ["api", old.id],
      ["web-ea9ab7c", "other"],
    ]);
    expect(list[2]!.environments[0]!.app).toBe("web-ea9ab7c");
  });

  it.each<[unknown, string]>([
    [{ ...old, version: { ...old.version, event: "merge" } }, "an unknown event is not taken for a push"],
    [{ ...old, environments: [] }, "names no app"],
    [{}, "not an artifact of GimletD"],
    [[], "empty list"],
    [{ ...old, version: { ...old.version, created: 1e18 } }, "version.created: must be seconds since 1970"],
    [{ ...old, created: 1_622_792_757_000 }, "created: must be seconds since 1970, not milliseconds"],
    [{ ...old, version: { ...old.version, sha: "ea9ab7c" } }, "version.sha of acme/shop-0f9a5d2e"],
    [
      { ...old, environments: [{ app: "web-{{ .BRANCH | sanitizeDNSName }}", env: "a" }] },
      'environments.0.app of the artifact acme/shop-0f9a5d2e-1111-2222-3333-444455556666, "web-{{ .BRANCH | sanitizeDNSName }}", is a template',
    ],
    [{ ...old, environments: [{ app: "web", env: "Production" }] }, '"Production", is a name that Glu does not allow'],
  ])("that cannot be understood is refused", (value, why) => {
    expect(() => importGimletd(value, keep)).toThrow(why);
  });
});
