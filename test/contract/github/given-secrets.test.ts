import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { image } from "../delivery.ts";
import { token } from "../forge.ts";
import { contentOf, leaksOf } from "../secrets.ts";
import { Delivery } from "./delivery.ts";
import { push } from "./events.ts";
import { runStep } from "./job.ts";

const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
const there = { "config-repository": "acme/config" };
const build = { app: "web", image: image("1.1.0", "b") };

test.each<[string, "promote" | "build-artifact", Record<string, string>]>([
  ["a reason", "promote", { ...there, reason: `with ${token}` }],
  ["a commit message", "promote", { ...there, "commit-message": `with ${basic}` }],
  ["an author", "promote", { ...there, author: `${token} <ada@example.org>` }],
  ["a value", "build-artifact", { ...build, var: `KEY=${token}` }],
  ["an item", "build-artifact", { ...build, item: `tests=https://ci.test/?token=${token}` }],
  ["a file of values", "build-artifact", { ...build, "var-file": "values.env" }],
  ["a manifest", "build-artifact", { ...build, manifests: "manifest.yaml" }],
])("%s with the token of the job is refused before anything is written", async (_name, action, inputs) => {
  await using delivery = await Delivery.start();
  const { workspace } = delivery.machine;
  writeFileSync(join(workspace, "values.env"), `KEY=${token}\n`);
  writeFileSync(join(workspace, "manifest.yaml"), `app: web\nenv: staging\nvalues: { key: ${token} }\n`);
  const refs = () => delivery.web.git("for-each-ref") + delivery.config.git("for-each-ref");
  const before = refs();
  const step = await runStep(delivery.appJob(), action, inputs);
  expect(step.exitCode, step.stdout).toBe(2);
  expect(step.commands.find(({ name }) => name === "error")?.properties.title).toBe("input/secret");
  expect(refs()).toBe(before);
});

test("a source commit with the token in its message makes an artifact without it, the same on a re-run", async () => {
  await using delivery = await Delivery.start();
  const sha = delivery.web.push("main", { "README.md": "2\n" }, `Use ${token}\n`);
  delivery.machine.checkOut(delivery.web, `${delivery.forge.origin}/acme/web.git`);
  const event = push(sha);
  const first = await runStep(delivery.appJob({}, event), "build-artifact", { ...build, ...there });
  const again = await runStep(delivery.appJob({ attempt: 2 }, event), "build-artifact", { ...build, ...there });
  expect([first.exitCode, again.outputs["artifact-id"]]).toEqual([0, first.outputs["artifact-id"]]);
  expect(leaksOf(token, contentOf(delivery.config))).toEqual([]);
});
