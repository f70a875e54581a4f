import { describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { Delivery, webGoes } from "./delivery.ts";
import { type Promotion, requestOf } from "./operations.ts";

const promotion = (more: Partial<Promotion> = {}): Promotion => ({
  kind: "promote",
  apps: ["web"],
  environments: ["demo"],
  artifact: 2,
  overwrite: false,
  set: false,
  fault: {},
  ...more,
});

/** Does something, once, right before the first push is made. */
function beforePush(delivery: Delivery, act: () => Promise<unknown>): void {
  delivery.turn = async (what) => {
    if (what !== "push") return;
    delivery.turn = async () => {};
    await act();
  };
}

describe("a promotion that loses the race", () => {
  it("to a change of the config is decided by the config as it is then", async () => {
    const delivery = await Delivery.begin();
    beforePush(delivery, () => delivery.byHand("glu.yaml", (text) => text.replace(webGoes(true), webGoes(false))));
    await expect(delivery.promote(requestOf(promotion(), "r"))).rejects.toMatchObject({ code: "config/not-a-member" });
    expect(audit(delivery.history, new Map()).size).toBe(0);
  });

  it("to a config that can no longer be read writes nothing", async () => {
    const delivery = await Delivery.begin();
    beforePush(delivery, () => delivery.byHand("glu.yaml", () => "version: ["));
    await expect(delivery.promote(requestOf(promotion(), "r"))).rejects.toMatchObject({ kind: "usage" });
    expect(audit(delivery.history, new Map()).size).toBe(0);
  });

  it.each([
    ["a pin at another artifact", (delivery: Delivery) => delivery.hold("pin", "web", "demo", "h"), "pin/pinned"],
    ["a freeze", (delivery: Delivery) => delivery.hold("freeze", "", "demo", "h"), "freeze/frozen"],
    ["a freeze of everything", (delivery: Delivery) => delivery.hold("freeze", "", "all", "h"), "freeze/frozen"],
    [
      "a change by hand of the value it writes",
      (delivery: Delivery) => delivery.byHand("apps/web/demo.yaml", (text) => text.replace('"1.1"', '"hot"')),
      "drift/changed-by-hand",
    ],
    [
      "a newer artifact of the same app",
      (delivery: Delivery) => delivery.promote(requestOf(promotion({ artifact: 3 }), "newer")),
      "order/older",
    ],
  ])("to %s sees it and is stopped by it", async (_what, act, code) => {
    const delivery = await Delivery.begin();
    await delivery.promote(requestOf(promotion({ artifact: 0 }), "first"));
    beforePush(delivery, () => act(delivery));
    const { decisions } = await delivery.promote(requestOf(promotion(), "r"));
    expect(decisions[0]?.gates.filter(({ met }) => !met).map((gate) => gate.code)).toEqual([code]);
    expect(audit(delivery.history, new Map()).has("r web demo")).toBe(false);
  });

  it("to an edit of other bytes of its own file keeps both", async () => {
    const delivery = await Delivery.begin();
    beforePush(delivery, () =>
      delivery.byHand("apps/web/demo.yaml", (text) => text.replace(/replicas: +3/, "replicas: 9")),
    );
    const { result } = await delivery.promote(requestOf(promotion(), "r"));
    expect(result).toBe("promoted");
    expect(delivery.text("apps/web/demo.yaml")).toContain("replicas: 9");
    expect(delivery.text("apps/web/demo.yaml")).toContain('"1.3"');
    audit(delivery.history, new Map());
  });
});
