import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CiContext, noApiCalls } from "@glu/core";
import { type CallerConfig, openCallerConfig } from "@glu/git";
import { type Host, readCiContext } from "@glu/hosts";
import type { Command } from "@glu/inputs";
import { systemClock } from "../clock.ts";
import { contextWithoutSecrets } from "../secrets.ts";
import type { Env, Surroundings } from "../surroundings.ts";
import { proxyPasswords } from "./proxy-passwords.ts";

/** The text of a file; undefined when there is none. */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The facts of this run, as the host tells them. */
export function readContext(env: Env, more: { matrix?: string | undefined } = {}): CiContext {
  return readCiContext(env, readTextFile, more);
}

/** Surroundings with a temporary folder of their own, which is removed at the end. */
export async function surround(options: {
  env: Env;
  cwd: string;
  context: CiContext;
  host: Host;
}): Promise<Surroundings & AsyncDisposable> {
  const { env, cwd, host } = options;
  const callerConfig = openCallerConfig({ cwd, env });
  const context = await ownContext(options, callerConfig);
  const parent = env.RUNNER_TEMP || tmpdir();
  await mkdir(parent, { recursive: true });
  const temp = await mkdtemp(join(parent, "glu-"));
  return {
    env,
    cwd,
    callerConfig,
    temp,
    // Before anything is made of it: what the source commit says goes into artifacts and records.
    context: contextWithoutSecrets(context, (text) => host.redact(text)),
    clock: systemClock,
    logger: host.logger,
    calls: noApiCalls(),
    redact: (text) => host.redact(text),
    mask: (secret) => host.mask(secret),
    [Symbol.asyncDispose]: () => rm(temp, { recursive: true, force: true }),
  };
}

/** The context as far as it can be believed: the checkout of a job of GitLab says which server it is on. */
async function ownContext(
  { context, env, cwd, host }: Parameters<typeof surround>[0],
  callerConfig: CallerConfig,
): Promise<CiContext> {
  if (context.host !== "gitlab") return context;
  const { pinnedToCheckout } = await import("./pinned-to-checkout.ts");
  const own = await pinnedToCheckout(context, { cwd, env, callerConfig });
  if (own.notice !== undefined) host.logger.notice(own.notice);
  return own.context;
}

/**
 * Asks Git for its configuration now, where the command will want it: to reach a config repository it must be known, and
 * Git answers while the command is loaded.
 */
export function askGitAhead(command: Command, { callerConfig }: Surroundings): void {
  if (!Object.hasOwn(command.inputs, "config-repository")) return;
  callerConfig().catch(() => undefined); // Whoever needs it gets the error.
}

/** Registers every token that the environment holds, before anything else is said. */
export function maskTokens(env: Env, host: Host): void {
  for (const name of [
    "INPUT_TOKEN",
    "INPUT_HOST-TOKEN",
    "GLU_INPUT_TOKEN",
    "GLU_TOKEN",
    "GITHUB_TOKEN",
    "GITEA_TOKEN",
    "GLU_APP_PRIVATE_KEY",
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
  ]) {
    const value = env[name];
    if (value !== undefined && value !== "") host.mask(value);
  }
  // As a secret store keeps it, its lines are not seen.
  host.mask((env.GLU_APP_PRIVATE_KEY ?? "").replaceAll(String.raw`\n`, "\n"));
  for (const password of proxyPasswords(env)) host.mask(password);
}
