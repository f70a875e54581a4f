import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GluError } from "@glu/core";
import { isGitNewEnough, minimumGitVersion } from "@glu/git";
import type { doctor as command, InputsOf } from "@glu/inputs";
import { count } from "@glu/report";
import { type Outcome, page } from "../outcome.ts";
import { connectConfig, Repositories } from "../repositories/connect.ts";
import { findToken } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

interface Finding {
  check: string;
  state: "ok" | "warning" | "error";
  seen: string;
  fix: string;
}

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
  const connected = connection instanceof Error ? undefined : (connection as Awaited<ReturnType<typeof connectConfig>>);
  const findings = [
    await check("Node", nodeVersion),
    await check("Git", gitVersion),
    await check("host", async () => ({
      state: "ok",
      seen: `${context.host}${context.repository && `, ${context.repository}`}`,
      fix: "",
    })),
    await check("token", async () =>
      token.source === "none"
        ? {
            state: "warning",
            seen: "there is none: public repositories, SSH and local paths work",
            fix: "Set GLU_TOKEN for HTTPS.",
          }
        : { state: "ok", seen: `from ${token.source}`, fix: "" },
    ),
    await check("config repository", async () => {
      if (connected === undefined) throw connection;
      const tip = await connected.repository.open();
      return {
        state: "ok",
        seen: `${connected.repository.location} ${tip.branch} at ${tip.commit.slice(0, 7)}`,
        fix: "",
      };
    }),
    await check("config", async () => {
      if (connected === undefined) return { state: "warning", seen: "not looked at", fix: "" };
      const pipeline = await connected.loadPipeline(await connected.repository.open());
      return {
        state: "ok",
        seen: `${pipeline.file}: ${count(pipeline.apps.size, "app")}, ${count(pipeline.environments.size, "environment")}`,
        fix: "",
      };
    }),
  ];
  const bad = findings.filter(({ state }) => state === "error");
  return page(
    {
      tone: bad.length === 0 ? "ok" : "error",
      schema: "glu.doctor.v1",
      result: bad.length === 0 ? "ok" : "error",
      headline:
        bad.length === 0 ? "Everything a promotion needs is here" : `${bad.length} of ${findings.length} checks failed`,
      columns: ["Check", "State", "Seen", "Fix"],
      rows: findings.map((finding) => [finding.check, finding.state, finding.seen, finding.fix]),
      data: { findings },
    },
    bad.length === 0 ? 0 : 2,
  );
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
