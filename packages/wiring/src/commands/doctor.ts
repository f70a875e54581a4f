import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GluError, type Pipeline } from "@glu/core";
import type { Finding } from "@glu/forges";
import { isGitNewEnough, minimumGitVersion } from "@glu/git";
import type { doctor as command, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import { type ConfigConnection, connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken, type TokenSource } from "../repositories/token.ts";
import { stoppedEarly } from "../stopped-early.ts";
import type { Env, Surroundings } from "../surroundings.ts";
import { lookAtForges } from "./look-at-forges.ts";

/** What each check found; a failed one does not stop the others. */
async function check(name: string, look: () => Promise<Omit<Finding, "check">>): Promise<Finding> {
  try {
    return { check: name, ...(await look()) };
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    return { check: name, state: "error", seen: `${error.message} (${error.code})`, fix: error.fix ?? "" };
  }
}

/** `glu doctor`: looks at what a promotion needs, and changes nothing. Exit code 2 when something is wrong. */
export async function runDoctor(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const { env, context } = surroundings;
  const token = findToken(undefined, undefined, env, context.host, "read");
  await using repositories = new Repositories(surroundings, token);
  const connection = await connectConfig(inputs, repositories).catch((error: unknown) => error);
  const connected = connection instanceof Error ? undefined : (connection as ConfigConnection);
  const findings = [
    await check("Node", nodeVersion),
    await check("Git", gitVersion),
    await check("host", async () => ({
      state: "ok",
      seen: `${context.host}${context.repository && `, ${context.repository}`}`,
      fix: "",
    })),
    await check("credentials", async () => credentialsIn(env, token.source)),
    await check("config repository", async () => {
      if (connected === undefined) throw connection;
      const tip = await connected.repository.open();
      return {
        state: "ok",
        seen: `${connected.repository.location} ${tip.branch} at ${tip.commit.slice(0, 7)}`,
        fix: "",
      };
    }),
  ];
  let pipeline: Pipeline | undefined;
  findings.push(
    await check("config", async () => {
      if (connected === undefined) return { state: "unseen", seen: "not looked at", fix: "" };
      pipeline = await connected.loadPipeline(await connected.repository.open());
      return {
        state: "ok",
        seen: `${pipeline.file}: ${count(pipeline.apps.size, "app")}, ${count(pipeline.environments.size, "environment")}`,
        fix: "",
      };
    }),
  );
  if (connected !== undefined) findings.push(...(await lookAtForges(connected, pipeline, { surroundings, token })));
  if (connected !== undefined && pipeline !== undefined && asksSomebody(pipeline)) {
    const { lookAtGates } = await import("./look-at-gates.ts");
    findings.push(...(await lookAtGates(connected, pipeline, { repositories, surroundings })));
  }
  const bad = findings.filter(({ state }) => state === "error");
  const early = stoppedEarly({ decisions: [], undecided: [] }, surroundings);
  const outcome = page(
    {
      tone: bad.length === 0 ? "ok" : "error",
      schema: "glu.doctor.v1",
      result: bad.length === 0 ? "ok" : "error",
      headline: bad.length === 0 ? wellOf(findings) : `${bad.length} of ${findings.length} checks failed`,
      columns: ["Check", "State", "Seen", "Fix"],
      rows: findings.map((finding) => [finding.check, finding.state, finding.seen, finding.fix]),
      data: { findings },
    },
    // What is wrong is known; what was not looked at, since a limit is nearly used up, is not.
    bad.length === 0 ? early.exitCode : 2,
  );
  return { ...outcome, notices: early.notices };
}

const asksSomebody = ({ environments }: Pipeline): boolean =>
  [...environments.values()].some(({ gates, verify }) =>
    [...gates, ...(verify?.gates ?? [])].some(({ name }) => ["health", "prometheus", "http"].includes(name)),
  );

/** What was not seen is never called well. */
function wellOf(findings: readonly Finding[]): string {
  const of = (state: Finding["state"]) => findings.filter((one) => one.state === state).length;
  const [warnings, unseen] = [of("warning"), of("unseen")];
  return [
    unseen === 0 ? "Everything a promotion needs is here" : "What can be seen of what a promotion needs is here",
    ...(warnings === 0 ? [] : [count(warnings, "warning")]),
    ...(unseen === 0 ? [] : [`${unseen} not seen`]),
  ].join("; ");
}

async function nodeVersion(): Promise<Omit<Finding, "check">> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return {
    state: enough ? "ok" : "error",
    seen: process.versions.node,
    fix: enough ? "" : "Install Node 20.19 or newer.",
  };
}

async function gitVersion(): Promise<Omit<Finding, "check">> {
  const fix = `Install Git ${minimumGitVersion} or newer.`;
  try {
    const { stdout } = await promisify(execFile)("git", ["version"]);
    const enough = isGitNewEnough(stdout);
    return { state: enough ? "ok" : "warning", seen: stdout.trim(), fix: enough ? "" : fix };
  } catch {
    return { state: "error", seen: "there is no git on PATH", fix };
  }
}

/** Which credentials there are. Half of an App is none, and easily overlooked. */
function credentialsIn(env: Env, source: TokenSource): Omit<Finding, "check"> {
  const half = [!env.GLU_APP_ID, !env.GLU_APP_PRIVATE_KEY];
  if (half[0] !== half[1]) {
    const [there, missing] = half[0] ? ["GLU_APP_PRIVATE_KEY", "GLU_APP_ID"] : ["GLU_APP_ID", "GLU_APP_PRIVATE_KEY"];
    return {
      state: "warning",
      seen: `${there} is set, and ${missing} is not or is empty: the App is not used`,
      fix: `Set ${missing}, too. A job of a fork's pull request is given no secrets.`,
    };
  }
  if (source !== "none") return { state: "ok", seen: `from ${source === "app" ? "a GitHub App" : source}`, fix: "" };
  return {
    state: "warning",
    seen: "there is none: public repositories, SSH and local paths work",
    fix: "Set GLU_TOKEN for HTTPS, or GLU_APP_ID and GLU_APP_PRIVATE_KEY of a GitHub App.",
  };
}
