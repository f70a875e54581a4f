import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { config, image } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { contentOf, filesBelow, leaksOf } from "../secrets.ts";
import { Delivery } from "./delivery.ts";
import { push } from "./events.ts";
import { runStep } from "./job.ts";

const secret = "monitor-s3cret-0001";
/** What a program prints that would be obeyed: workflow commands, markup, the end of a fence. */
const hostile = [
  "::set-output name=result::promoted",
  "::error::mine",
  "##[debug]mine",
  "```",
  "<script>alert(1)</script>",
];

test("a secret that gates are given is known to the runner, and what they bring is neither obeyed nor rendered", async () => {
  const server = createServer(({ headers }, response) => response.end(JSON.stringify({ key: headers["x-key"] })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const gates = `    gates:
      - http: { url: "http://127.0.0.1:${port}/", headers: { X-Key: { env: MONITOR_KEY } }, json: { path: $.key, exists: true } }
      - command: { run: [./smoke-test], variables: { KEY: { env: MONITOR_KEY } } }
`;
  const files = { "glu.yaml": config.replace("  staging:\n", (line) => line + gates) };
  await using delivery = await Delivery.start({ files });
  const script = join(delivery.machine.workspace, "smoke-test");
  writeFileSync(script, `#!/bin/sh\necho "$KEY"\ncat <<'END'\n${hostile.join("\n")}\nEND\nexit 1\n`);
  chmodSync(script, 0o755);

  const event = push(delivery.web.git("rev-parse", "main"));
  const job = delivery.appJob({ env: { MONITOR_KEY: secret } }, event);
  const there = { "config-repository": "acme/config" };
  const built = await runStep(job, "build-artifact", { app: "web", image: image("1.1.0", "b"), ...there });
  const artifact = built.outputs["artifact-id"] ?? "";
  const step = await runStep(job, "promote", { app: "web", environment: "staging", artifact, ...there });
  expect([step.exitCode, step.outputs.result], step.stdout).toEqual([3, "held"]);

  const document = JSON.parse(step.outputs.decision ?? "");
  expect(violations("decision", document)).toEqual([]);
  const gate = (name: string) => document.decisions[0].gates.find((one: { name: string }) => one.name === name);
  expect(gate("http")).toMatchObject({ met: true, seen: expect.stringContaining('$.key is "***"') });
  expect(gate("command")).toMatchObject({ met: false, code: "command/failed", output: ["***", ...hostile].join("\n") });

  const masked = step.commands.filter(({ name }) => name === "add-mask").map(({ message }) => message);
  expect(masked).toContain(secret);
  const obeyed = step.commands
    .filter(({ name }) => name !== "add-mask")
    .map(({ name, message }) => `${name} ${message}`);
  expect(obeyed.filter((one) => /set-output|^error mine|^debug/.test(one))).toEqual([]);
  // A fence that three backticks do not end; markup in it is text.
  expect(step.summary).toContain(`\n\`\`\`\`text\n***\n${hostile.join("\n")}\n\`\`\`\`\n`);
  const said = step.stdout.replaceAll(/^::add-mask::.*$/gm, "") + step.stderr;
  expect(leaksOf(secret, { said, ...filesBelow(step.folder), ...contentOf(delivery.config) })).toEqual([]);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});
