import { describe, expect, it } from "vitest";
import { drift } from "../drift/drift.ts";
import { verifying } from "../test-kit/verifying.ts";

describe("what is changed past Glu", () => {
  it("is not what a verification wrote, nor what it rolled back", async () => {
    const { run, build, ports, repository, words } = verifying("rollback");
    const since = repository.commits.at(-1)!.id;
    build(1, "healthy");
    await run();
    await run();
    const { id } = build(2, "synced");
    await run();
    await run();
    words.set(id, "broken");
    await run();
    const asked = { apps: [], environments: [], since, sinceIsAsked: true };
    expect(await drift(asked, ports)).toMatchObject({
      result: "clean",
      findings: [],
      looked: { commits: repository.commits.length - 1 },
    });
  });

  it("is a verdict that somebody writes by hand, or one that changes more than it may", async () => {
    const { run, build, ports, repository, current, record } = verifying("hold");
    build(1, "coming");
    await run();
    const since = repository.commits.at(-1)!.id;
    const path = ".glu/web/staging.json" as never;
    const write = (change: object, message: string) => {
      const text = JSON.stringify({ ...record("staging"), current: { ...current("staging"), ...change } });
      repository.push(message, [{ path, content: new TextEncoder().encode(text) }]);
    };
    const verification = { at: "2026-11-21T07:00:00.000Z", seen: "it looks well" };
    write({ state: "healthy", verification }, "Say that it is well");
    const asked = { apps: [], environments: [], since, sinceIsAsked: true };
    const byHand = await drift(asked, ports);
    expect(byHand.findings).toMatchObject([{ kind: "document", document: "record" }]);
    write({ state: "healthy", verification, reason: "because" }, "Say more\n\nGlu-Request: forged");
    const more = await drift({ ...asked, since: repository.commits.at(-2)!.id }, ports);
    expect(more.findings).toMatchObject([{ kind: "document", document: "record" }]);
  });
});
