import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("tells a mistake in the config when it begins", async () => {
    await expect(
      simulate({ config: "version: 1\nenvironments: {}\napps: { web: {} }\n", start }),
    ).rejects.toMatchObject({
      at: { file: "glu.yaml", line: 2 },
    });
  });

  it("without files decides, and leaves out what would be written", async () => {
    const pipeline = await simulate({ config, start });
    await pipeline.build({ app: "web" });
    await pipeline.reconcile();
    expect(await pipeline.running("web", "staging")).toBe("1");
    expect((await pipeline.release("web", "staging"))?.writes).toEqual([]);
  });

  it("lets scheduled runs take place while time passes", async () => {
    const pipeline = await simulate({ config, files, start, reconcile: "1h" });
    const runs: string[] = [];
    pipeline.onRun = ({ at, kind }) => runs.push(`${at.slice(11, 16)} ${kind}`);
    await pipeline.advance("30m");
    await pipeline.build({ app: "web", version: "1.1.0" });
    await pipeline.advance("2h");
    expect(runs).toEqual(["10:00 reconcile", "11:00 reconcile"]);
    expect(pipeline.now).toBe("2026-11-01T11:30:00.000Z");
    expect(await pipeline.running("web", "staging")).toBe("1.1.0");
  });

  it("runs the same request once", async () => {
    const pipeline = await simulate({ config, files, start });
    await pipeline.build({ app: "web", version: "1.1.0" });
    const asked = { app: "web", environment: "staging", request: "mine" };
    const first = await pipeline.promote(asked);
    const second = await pipeline.promote(asked);
    expect(second.decisions[0]).toMatchObject({ repeated: true, commit: first.commits[0]?.commit });
    expect(pipeline.repository.count()).toBe(2);
  });

  it("keeps environments that live elsewhere in repositories of their own", async () => {
    const elsewhere = config.replace("{ from: staging,", "{ repository: acme/production, from: staging,");
    const pipeline = await simulate({ config: elsewhere, files, start });
    await pipeline.build({ app: "web", version: "1.1.0" });
    await pipeline.reconcile();
    await pipeline.advance("2h");
    await pipeline.reconcile();
    expect(await pipeline.running("web", "production")).toBe("1.1.0");
    expect(await pipeline.text("apps/web/production.yaml", "production")).toContain("1.1.0");
    expect(await pipeline.text("apps/web/production.yaml")).toBe(values);
  });

  it("begins with the records that lie in a folder, and writes nothing there", async () => {
    const root = mkdtempSync(join(tmpdir(), "glu-simulated-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const first = await simulate({ config, files, start });
    await first.build({ app: "web", version: "1.0.0" });
    await first.reconcile();
    for (const [path, { content }] of first.repository.files()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const pipeline = await simulate({ config: join(root, "glu.yaml"), start: "2026-11-01T10:00:00Z" });
    expect(await pipeline.running("web", "staging")).toBe("1.0.0");
    await pipeline.advance("1h");
    await pipeline.reconcile();
    expect(await pipeline.running("web", "production")).toBe("1.0.0");
    expect(readdirSync(join(root, ".glu/web"))).toEqual(["staging.json"]);
  });
});

describe("an environment whose changes are proposed", () => {
  const proposing = config.replace("gates: [ { soak: 2h } ]", "propose: true");
  const started = async () => {
    const pipeline = await simulate({ config: proposing, files, start });
    await pipeline.build({ app: "web", version: "1.1.0" });
    await pipeline.reconcile();
    return pipeline;
  };

  it("runs what was proposed when somebody merges it, and has since then", async () => {
    const pipeline = await started();
    expect(pipeline.decision("web", "production")).toMatchObject({ result: "proposed", proposal: { number: 1 } });
    expect(await pipeline.running("web", "production")).toBeUndefined();
    await pipeline.advance("3h");
    await pipeline.merge("web", "production");
    expect(await pipeline.text("apps/web/production.yaml")).toBe('# by hand\nimage:\n  tag: "1.1.0" # set\n');
    await pipeline.advance("1h");
    await pipeline.reconcile();
    expect(pipeline.decision("web", "production")?.result).toBe("unchanged");
    expect((await pipeline.release("web", "production"))?.releasedAt).toBe("2026-11-01T12:00:00.000Z");
  });

  it("gets nothing that somebody closed, until there is something newer", async () => {
    const pipeline = await started();
    await pipeline.close("web", "production");
    await pipeline.reconcile();
    expect(pipeline.decision("web", "production")).toMatchObject({
      result: "held",
      reason: expect.stringContaining("#1"),
    });
    await pipeline.build({ app: "web", version: "1.2.0" });
    await pipeline.reconcile();
    expect(pipeline.decision("web", "production")).toMatchObject({ result: "proposed", proposal: { number: 2 } });
  });

  it("takes nothing that was written on other files, until a run has written it again", async () => {
    const pipeline = await started();
    await pipeline.edit("apps/web/production.yaml", (text) => `${text}replicas: 2\n`);
    await expect(pipeline.merge("web", "production")).rejects.toMatchObject({ code: "simulation/conflict" });
    await pipeline.reconcile();
    await pipeline.merge("web", "production");
    expect(await pipeline.text("apps/web/production.yaml")).toContain('tag: "1.1.0" # set\nreplicas: 2\n');
    await expect(pipeline.merge("web", "production")).rejects.toMatchObject({ code: "simulation/no-proposal" });
  });
});

describe("a rollback", () => {
  it("goes back to what ran before, holds it, and is told as an event", async () => {
    const pipeline = await simulate({ config, files, start });
    await pipeline.build({ app: "web", version: "1.1.0" });
    await pipeline.reconcile();
    await pipeline.build({ app: "web", version: "1.2.0" });
    await pipeline.reconcile();
    await pipeline.rollback({ app: "web", environment: "staging", reason: "errors", until: "2h" });
    expect(await pipeline.running("web", "staging")).toBe("1.1.0");
    await pipeline.reconcile();
    expect(pipeline.decision("web", "staging")).toMatchObject({ result: "held" });
    await pipeline.advance("3h");
    await pipeline.build({ app: "web", version: "1.3.0" });
    await pipeline.reconcile();
    expect(await pipeline.running("web", "staging")).toBe("1.3.0");
    await pipeline.rollback({ environment: "staging", to: "2h", pin: false });
    expect(await pipeline.running("web", "staging")).toBe("1.1.0");
    await pipeline.reconcile();
    expect(pipeline.decision("web", "staging")).toMatchObject({ result: "held" });
    await expect(pipeline.rollback({ app: "web", environment: "production" })).rejects.toMatchObject({
      code: "rollback/nothing",
    });
  });
});
