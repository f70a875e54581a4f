import { expect, it } from "vitest";
import { goToAndFro } from "./way-back.ts";

// WAY_BACK_SEED=<number> draws the acts of a run that failed again; way-back.itg.test.ts has 16 lanes and 20 apps.
const seed = Number(process.env.WAY_BACK_SEED ?? 6);

it("four at once promote, roll back, pin, freeze, edit and crash, and no commit breaks a rule", async () => {
  const onFailure = { testing: "hold", staging: "rollback", production: "notify" } as const;
  const counts = await goToAndFro({ seed, lanes: 4, acts: 10, apps: 6, way: "wire", onFailure });
  console.log(JSON.stringify({ seed, ...counts }));
  expect(counts.releases).toBeGreaterThan(3);
  expect(counts.healthy).toBeGreaterThan(10);
  expect(counts.undone).toBeGreaterThan(0);
}, 600_000);
