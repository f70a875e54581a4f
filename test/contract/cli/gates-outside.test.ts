import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { GateResult } from "@glu/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { config } from "../delivery.ts";
import { Terminal } from "./terminal.ts";

const tokens = {
  MONITOR_TOKEN: "monitor-s3cret-0001",
  SMOKE_TOKEN: "smoke-s3cret-0002",
  OTHER_TOKEN: "other-s3cret-0003",
};

/** A monitor that says what it is told to. */
async function startMonitor() {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const monitor = { asked, says: (_authorization: string): unknown => ({ firing: 0 }) };
  const server = createServer(({ url, headers: { authorization } }, response) => {
    asked.push({ url, authorization });
    response.end(JSON.stringify(monitor.says(authorization ?? "")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(monitor, {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

let monitor: Awaited<ReturnType<typeof startMonitor>>;
let terminal: Terminal;
beforeEach(async () => {
  monitor = await startMonitor();
  const gates = `    gates:
      - command: { run: [./smoke-test, --quick], variables: { SMOKE_TOKEN: { env: SMOKE_TOKEN } } }
      - http:
          url: http://127.0.0.1:${monitor.port}/alerts/{{ app }}/{{ images.web.tag }}
          headers: { Authorization: { env: MONITOR_TOKEN, prefix: "Bearer " } }
          json: { path: $.firing, max: 0 }
`;
  terminal = await Terminal.start({ "glu.yaml": config.replace("    tier: production\n", (line) => line + gates) });
});
afterEach(async () => {
  await terminal[Symbol.asyncDispose]();
  await monitor.close();
});

/** Runs `glu` in a job that has these tokens, too; none of them is said. */
async function glu(...args: string[]) {
  const env = { GLU_INPUT_CONFIG_REPOSITORY: terminal.delivery.config.path, GIT_AUTHOR_NAME: "Ada", ...tokens };
  const { exitCode, stdout, stderr } = await terminal.delivery.machine.run("glu.js", args, env);
  expect(stdout + stderr).not.toMatch(/s3cret/);
  return { exitCode, stdout, stderr };
}

/** The one decision, and what a gate says in it. */
async function decided(...args: string[]) {
  const { stdout, stderr } = await glu(...args, "-o", "json");
  const answer = JSON.parse(stdout);
  expect(answer.decisions, stderr).toHaveLength(1);
  const gate = (name: string): GateResult => answer.decisions[0].gates.find((one: GateResult) => one.name === name);
  return { result: answer.result as string, gate };
}

function writeSmokeTest(script: string): void {
  const path = join(terminal.delivery.machine.workspace, "smoke-test");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
const environmentSeen = () => join(terminal.delivery.machine.workspace, "environment");

test("a server and a program are asked in turn, hold a promotion, and let it go", async () => {
  const id = await terminal.create("1.1.0", "b");
  expect((await decided("promote", "--app", "web", "--environment", "staging", "--artifact", id)).result).toBe(
    "promoted",
  );
  expect(monitor.asked).toEqual([]);
  writeSmokeTest('env > environment; echo "$1 with $SMOKE_TOKEN"; echo "1 of 2 failed" >&2; exit 1');
  const target = ["--app", "web", "--environment", "production", "--artifact", id];

  monitor.says = () => ({ firing: 2 });
  const firing = await decided("promote", ...target);
  expect(firing.result).toBe("held");
  expect(firing.gate("http")).toMatchObject({
    met: false,
    code: "http/value",
    seen: expect.stringMatching(/\/alerts\/web\/1\.1\.0 answers 200, and \$\.firing is 2, and at most 0 is wanted$/),
  });
  expect(firing.gate("command")).toMatchObject({ met: false, code: "command/waits" });
  expect(monitor.asked).toEqual([{ url: "/alerts/web/1.1.0", authorization: `Bearer ${tokens.MONITOR_TOKEN}` }]);

  monitor.says = () => ({ firing: 0 });
  const plan = await decided("plan", ...target);
  expect(plan.result).toBe("planned");
  expect(plan.gate("command")).toMatchObject({ met: true, seen: "is looked at when this is promoted" });
  expect(monitor.asked).toHaveLength(2);
  expect(existsSync(environmentSeen())).toBe(false);

  const failing = await decided("promote", ...target);
  expect(failing.result).toBe("held");
  expect(failing.gate("command")).toMatchObject({
    met: false,
    code: "command/failed",
    seen: "./smoke-test ended with 1",
  });
  expect(failing.gate("command").output?.split("\n").sort()).toEqual(["--quick with ***", "1 of 2 failed"]);
  const seen = readFileSync(environmentSeen(), "utf8");
  expect(seen).toMatch(/^GLU_APP=web$/m);
  expect(seen).toMatch(/^GLU_IMAGE_WEB=ghcr\.io\/acme\/web:1\.1\.0@sha256:b+$/m);
  expect(seen).toContain(`SMOKE_TOKEN=${tokens.SMOKE_TOKEN}`);
  expect(seen).not.toMatch(new RegExp(`${tokens.MONITOR_TOKEN}|${tokens.OTHER_TOKEN}|GLU_INPUT`));
  expect((await glu("promote", ...target)).stdout).toContain("1 of 2 failed");

  writeSmokeTest("echo 2 checks passed");
  const going = await decided("promote", ...target);
  expect(going.result).toBe("promoted");
  expect(going.gate("command")).toMatchObject({ met: true, output: "2 checks passed" });
});

test("a secret that a server gives back is in no form of the report, whatever its characters are escaped to", async () => {
  const id = await terminal.create("1.1.0", "b");
  const secret = 'ghp_canary|<b>"quoted"&#0123456789';
  const env = {
    GLU_INPUT_CONFIG_REPOSITORY: terminal.delivery.config.path,
    GIT_AUTHOR_NAME: "Ada",
    ...tokens,
    MONITOR_TOKEN: secret,
  };
  const run = (...args: string[]) => terminal.delivery.machine.run("glu.js", args, env);
  await run("promote", "--app", "web", "--environment", "staging", "--artifact", id);
  monitor.says = (authorization) => ({ firing: authorization });
  for (const format of ["text", "json", "markdown"]) {
    const target = ["--app", "web", "--environment", "production", "--artifact", id];
    const { stdout, stderr } = await run("plan", ...target, "-o", format);
    expect(stdout).toContain("firing is");
    expect(stdout + stderr).not.toMatch(/ghp|canary/);
  }
});

test("a secret that a server gives back is not said, and a program that is not there holds", async () => {
  const id = await terminal.create("1.1.0", "b");
  await glu("promote", "--app", "web", "--environment", "staging", "--artifact", id);
  const target = ["--app", "web", "--environment", "production", "--artifact", id];
  monitor.says = (authorization) => ({ firing: authorization });
  const echoed = await decided("promote", ...target);
  expect(echoed.gate("http")).toMatchObject({ code: "http/value", seen: expect.stringContaining('"Bearer ***"') });
  monitor.says = () => ({ firing: 0 });
  const missing = await decided("promote", ...target);
  expect(missing.gate("command")).toMatchObject({ met: false, code: "command/not-started" });
});
