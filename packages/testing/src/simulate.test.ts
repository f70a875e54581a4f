import { describe, expect, it } from "vitest";
import { simulate } from "./index.ts";

const config = `version: 1
environments:
  staging: { policy: { event: push, branch: main } }
  production: { from: staging, auto: newest, gates: [ { soak: 2h } ] }
defaults:
  write:
    - yaml: apps/{{ app }}/{{ env }}.yaml
      set: { image.tag: "{{ images.web.tag }}" }
apps:
  web: { images: { web: ghcr.io/acme/web } }
`;
const start = "2026-11-01T09:00:00Z";
const values = '# by hand\nimage:\n  tag: "none" # set\n';
const files = { "apps/web/staging.yaml": values, "apps/web/production.yaml": values };

describe("a simulated pipeline", () => {
  it("takes a build as far as its gates let it, and further when time has passed", async () => {
    const pipeline = await simulate({ config, files, start });
    await pipeline.build({ app: "web", version: "1.1.0" });
    await pipeline.reconcile();
    expect(await pipeline.running("web", "staging")).toBe("1.1.0");
    expect(await pipeline.running("web", "production")).toBeUndefined();
    expect(pipeline.decision("web", "production")).toMatchObject({
      result: "held",
      gates: expect.arrayContaining([
        expect.objectContaining({ name: "soak", met: false, clearsAt: "2026-11-01T11:00:00.000Z" }),
      ]),
    });
    await pipeline.advance("2h");
    await pipeline.reconcile();
    expect(await pipeline.running("web", "production")).toBe("1.1.0");
    expect(await pipeline.text("apps/web/production.yaml")).toBe('# by hand\nimage:\n  tag: "1.1.0" # set\n');
  });
});
