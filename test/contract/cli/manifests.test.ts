import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { config, image, valuesOf } from "../delivery.ts";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

/** Staging has no policy of its own: what goes there by itself, the app says. */
const byManifest = config
  .replace("    policy: { event: push, branch: main }\n", "    tier: test\n")
  .replace("  web:\n", "  web:\n    manifests: { allow: [staging] }\n")
  .replace("      set:\n", "      set:\n        replicas: '{{ manifest.values.replicas | default: \"3\" }}'\n");

const manifest = (more: string) => `app: web\nenv: staging\nvalues: { replicas: 5 }\n${more}\n`;

/** Makes an artifact whose folder of manifests has this one. */
async function create(terminal: Terminal, text: string) {
  const folder = join(terminal.delivery.machine.workspace, ".glu");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "staging.yaml"), text);
  const args = ["--app", "web", "--image", image("1.1.0", "b"), "--manifests", ".glu"];
  return terminal.json("artifact", "create", ...args);
}

interface Answer {
  decisions: { result: string; gates: { name: string; seen: string }[] }[];
  passedOver: { environment: string; reason: string }[];
}

async function promoted(terminal: Terminal, ...args: string[]) {
  const { exitCode, answer, stderr } = await terminal.json("promote", "--app", "web", ...args);
  expect(violations("decision", answer), stderr).toEqual([]);
  return { exitCode, ...(answer as unknown as Answer) };
}

test("an app's manifest starts its promotion, and its values are written", async () => {
  await using terminal = await Terminal.start({ "glu.yaml": byManifest });
  const made = await create(terminal, manifest("policy: { branch: main }"));
  expect(made.exitCode, made.stderr).toBe(0);
  const { exitCode, decisions } = await promoted(terminal);
  expect([exitCode, decisions]).toMatchObject([0, [{ result: "promoted" }]]);
  expect(terminal.delivery.file(valuesOf("web", "staging"))).toContain("replicas:  5\r\n");
  // Where it does not count nothing of it is used, which is said.
  const production = await promoted(terminal, "--environment", "production");
  expect(production.decisions).toMatchObject([{ result: "promoted" }]);
  expect(terminal.delivery.file(valuesOf("web", "production"))).toContain("replicas:  3\r\n");
});

test("a manifest whose policy does not match starts nothing, and it is said why", async () => {
  await using terminal = await Terminal.start({ "glu.yaml": byManifest });
  const { answer } = await create(terminal, manifest("policy: { tag: v* }"));
  const { exitCode, decisions, passedOver } = await promoted(terminal, "--artifact", String(answer.id));
  expect([exitCode, decisions]).toEqual([0, []]);
  expect(passedOver.find(({ environment }) => environment === "staging")?.reason).toBe(
    "by its manifest: it has no tag, and the policy wants v*",
  );
});

test("without leave of the config nothing of a manifest counts, and the decision says so", async () => {
  await using terminal = await Terminal.start({ "glu.yaml": byManifest.replace("[staging]", "[production]") });
  const { answer } = await create(terminal, manifest("policy: { branch: main }"));
  expect((await promoted(terminal, "--artifact", String(answer.id))).decisions).toEqual([]);
  const { decisions } = await promoted(terminal, "--environment", "staging");
  expect(decisions[0]?.gates.find(({ name }) => name === "manifest")?.seen).toBe(
    "it is not looked at: apps.web.manifests does not allow it in staging",
  );
  expect(terminal.delivery.file(valuesOf("web", "staging"))).toContain("replicas:  3\r\n");
});

test("a manifest with a gate makes no artifact", async () => {
  await using terminal = await Terminal.start({ "glu.yaml": byManifest });
  const { exitCode, answer } = await create(terminal, manifest("command: [id]"));
  expect([exitCode, answer]).toMatchObject([2, { code: "manifest/acts" }]);
});
