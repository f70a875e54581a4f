import { describe, expect, it } from "vitest";
import type { Act } from "./acts.ts";
import { auditBranch } from "./audit.ts";
import { Past, pastArtifact, pastFile } from "./past.ts";
import type { Verifying } from "./verdict-rules.ts";

// The audit of way-back.ts must see what it is there for.
const app = "app-01";
const environment = "testing";
const began = Math.floor((Date.now() - 3_600_000) / 1000) * 1000;
const file = pastFile(app, environment, false);
const pinFile = `.glu/${app}/${environment}.pin.json`;

const verifying: Verifying = {
  onFailure: { testing: "hold", staging: "rollback", production: "notify" },
  within: 1,
  wordOf: () => "good",
};

/** Audits a branch with two good releases, and what is done to it then. */
function audit(happens: (past: Past, release: (number: number, request: string) => void) => void): string[] {
  const past = new Past({ apps: [app], places: ["testing"] }, began);
  let count = 0;
  const release = (number: number, request: string): void => {
    past.release([{ app, environment, number, at: began + ++count * 1000, request }]);
  };
  release(1, "r0x0x");
  release(2, "r0x1x");
  happens(past, release);
  const acts = Array.from({ length: 6 }, (_, index): Act => {
    return { id: `r0x${index}x`, kind: "promote", app, environment, args: ["promote"] };
  });
  using repository = past.make();
  return auditBranch(repository.path, { acts, ...verifying, settled: false }).drifted;
}

const holdBy = (path: string, hold: object) => (past: Past) => {
  const blocks = `Glu-Request: r0x5x\nGlu-App: ${app}\nGlu-Environment: ${environment}\nGlu-Kind: ${path === pinFile ? "pin" : "freeze"}\nGlu-Actor: ada\n`;
  past.write(path, JSON.stringify(hold), `Hold\n\n${blocks}`, began + 5000);
};

describe("the audit of what went to and fro", () => {
  it("finds nothing in good releases, and names what was changed by hand", () => {
    expect(audit((_, release) => release(3, "r0x2x"))).toEqual([]);
    const byHand = audit((past) => {
      past.write(file, past.text(file).replace('"1.2"', '"9.9"'), "Change it by hand\n", began + 9000);
    });
    expect(byHand).toEqual([`${environment}/${app}`]);
  });

  it.each<[string, Parameters<typeof audit>[0], string]>([
    ["what goes backwards", (_, release) => release(1, "r0x2x"), "not backwards"],
    ["a request that has released before", (_, release) => release(3, "r0x1x"), "has had its commit"],
    ["what nobody asked for", (_, release) => release(3, "r7x7x"), "nobody asked for it"],
    [
      "a release past a pin",
      (past, release) => {
        holdBy(pinFile, { artifact: pastArtifact(app, 2).id })(past);
        release(3, "r0x2x");
      },
      "is pinned",
    ],
    [
      "a release past a freeze",
      (past, release) => {
        holdBy(`.glu/_freeze/${environment}.json`, {})(past);
        release(3, "r0x2x");
      },
      "is frozen",
    ],
    [
      "another line that changes with a release",
      (past, release) => {
        past.put(file, past.text(file).replace("# a remark", "# another"));
        release(3, "r0x2x");
      },
      "expected",
    ],
    [
      "drift that is written over",
      (past, release) => {
        past.write(file, past.text(file).replace('"1.2"', '"9.9"'), "Change it by hand\n", began + 9000);
        release(3, "r0x2x");
      },
      "drift is overwritten",
    ],
    [
      "a record that was changed past Glu",
      (past) => void past.write(`.glu/${app}/${environment}.json`, undefined, "Change it by hand\n", began + 9000),
      ".glu/",
    ],
  ])("sees %s", (_what, happens, words) => {
    expect(() => audit(happens)).toThrow(words);
  });
});
