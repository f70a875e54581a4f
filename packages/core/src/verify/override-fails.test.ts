import { expect, it } from "vitest";
import { freeze } from "../holds/freeze.ts";
import { requestId } from "../model/names.ts";
import { overrideNotices } from "../promote/board.ts";
import { promote } from "../promote/promote.ts";
import { environment, onMain } from "../test-kit/memory.ts";
import { verify, verifying } from "../test-kit/verifying.ts";

it("what was promoted by break-glass is verified as well, and goes back when it fails, in spite of what was passed", async () => {
  const breakGlass = [{ gates: ["freeze", "pin"], users: ["ada"], teams: [] }];
  const { run, build, current, record, ports, ask, messages } = verifying("rollback", [
    environment("staging", { policy: onMain, verify: verify("rollback"), breakGlass }),
  ]);
  const good = build(1, "healthy");
  await run();
  await run();
  const by = { actor: { name: "grace", verified: true }, request: requestId("f"), until: undefined };
  await freeze({ ...by, scope: "all", reason: "sale" }, ports);
  const bad = build(2, "broken");
  expect((await run()).result).toBe("held");
  const glass = (override: string[]) =>
    promote(ask({ environments: ["staging"], artifact: bad.id, override, reason: "incident 42" }), ports);
  const { board } = await glass(["freeze"]);
  expect(overrideNotices(board)).toHaveLength(1);
  expect(current("staging")).toMatchObject({ kind: "override", artifact: { id: bad.id }, state: "committed" });
  const failing = await run();
  expect(failing.result).toBe("failed");
  expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id } });
  expect(overrideNotices(failing.board)).toEqual([]);
  // Once more, past the pin as well: it fails again, and goes back again, once.
  expect((await glass(["freeze", "pin"])).result).toBe("promoted");
  expect((await run()).result).toBe("failed");
  expect(current("staging")).toMatchObject({ kind: "rollback", artifact: { id: good.id } });
  expect(record("staging")?.rejected).toMatchObject([{ artifact: bad.id }]);
  await run();
  const { length } = messages();
  await run();
  expect(messages()).toHaveLength(length);
});
