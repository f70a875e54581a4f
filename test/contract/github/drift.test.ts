import { expect, test } from "vitest";
import { digest, valuesOf, written } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Delivery } from "./delivery.ts";
import { dispatch, type GithubEvent, push } from "./events.ts";
import { runStep } from "./job.ts";

const staging = valuesOf("web", "staging");

/** A config repository in which Glu has released something, and the event of what was pushed there since. */
async function released(): Promise<{ delivery: Delivery; pushed(files: Record<string, string>): GithubEvent }> {
  const delivery = await Delivery.start();
  const image = `web=ghcr.io/acme/web:1.1.0@${digest("b")}`;
  const inputs = { app: "web", image, "artifact-repository": "acme/config" };
  expect((await runStep(delivery.appJob(), "build-artifact", inputs)).exitCode).toBe(0);
  const promoted = await runStep(delivery.configJob(dispatch(delivery.tip)), "promote", {
    app: "web",
    environment: "staging",
  });
  expect(promoted.exitCode, promoted.stdout).toBe(0);
  const pushed = (files: Record<string, string>): GithubEvent => {
    const before = delivery.tip;
    delivery.config.push("main", files);
    const event = push(delivery.tip);
    return { ...event, payload: { ...event.payload, before } };
  };
  return { delivery, pushed };
}

test("a push that changes a released value fails, beside the file and line, with a link to the commit", async () => {
  const { delivery, pushed } = await released();
  await using _ = delivery;
  const event = pushed({ [staging]: written("6.6.6", "b") });
  const step = await runStep(delivery.configJob(event), "drift", {});
  expect(step.exitCode, step.stdout).toBe(3);
  expect(step.outputs.result).toBe("drifted");
  const document = JSON.parse(step.outputs.drift ?? "") as Record<string, unknown>;
  expect(violations("drift", document)).toEqual([]);
  expect(document).toMatchObject({ since: event.payload.before, commits: 1, places: 1 });
  const url = `${delivery.forge.origin}/acme/config/commit/${delivery.tip}`;
  expect(document).toMatchObject({ findings: [{ by: { commit: delivery.tip, url } }] });
  expect(step.commands.filter(({ name }) => name === "error")).toMatchObject([
    { properties: { file: staging, line: "3" }, message: expect.stringContaining("6.6.6") },
  ]);
  expect(step.summary).toContain("6.6.6");
  expect(step.summary).toContain(url);

  const warned = await runStep(delivery.configJob(event), "drift", { "on-drift": "succeed" });
  expect(warned.exitCode).toBe(0);
  expect(warned.commands.filter(({ name }) => name === "warning")).toHaveLength(1);
});

test("a push elsewhere is clean, and a run of another event looks at everything", async () => {
  const { delivery, pushed } = await released();
  await using _ = delivery;
  pushed({ [staging]: written("6.6.6", "b") });
  const elsewhere = await runStep(delivery.configJob(pushed({ "README.md": "x\n" })), "drift", {});
  expect([elsewhere.exitCode, elsewhere.outputs.result], elsewhere.stdout).toEqual([0, "clean"]);
  const everything = await runStep(delivery.configJob(dispatch(delivery.tip)), "drift", {});
  expect([everything.exitCode, everything.outputs.result]).toEqual([3, "drifted"]);
  // A branch that is new has no commit before.
  const event = push(delivery.tip);
  const anew = { ...event, payload: { ...event.payload, before: "0".repeat(40) } };
  expect((await runStep(delivery.configJob(anew), "drift", {})).exitCode).toBe(3);
});
