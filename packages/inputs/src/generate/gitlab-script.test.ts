import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitlabScript } from "./gitlab-script.ts";

const run = promisify(execFile);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const bundle = 'console.log(["the bundle ran", ...process.argv.slice(2)].join(" "));\n';
const sums = `${sha256(bundle)}  glu.js\n`;

let folder: string;
let commit: string;
let tampered: string;

function git(...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", join(folder, "work"), ...identity, ...args], { encoding: "utf8" }).trim();
}

/** Runs the job's script as a runner does, with nothing but what a job has. */
async function job(script: string, env: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
  return run("sh", ["-c", script], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      CI_SERVER_URL: `file://${folder}`,
      GLU_COMPONENT_PROJECT: "glu/actions",
      GLU_COMPONENT_SHA: commit,
      ...env,
    },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "glu-component-"));
  mkdirSync(join(folder, "glu"));
  mkdirSync(join(folder, "work/dist"), { recursive: true });
  git("init", "-q", "-b", "main");
  writeFileSync(join(folder, "work/dist/glu.js"), bundle);
  writeFileSync(join(folder, "work/dist/SHA256SUMS"), sums);
  git("add", ".");
  git("commit", "-qm", "release");
  commit = git("rev-parse", "HEAD");
  writeFileSync(join(folder, "work/dist/glu.js"), `${bundle}// changed`);
  git("commit", "-qam", "tamper");
  tampered = git("rev-parse", "HEAD");
  execFileSync("git", ["clone", "-q", "--bare", join(folder, "work"), join(folder, "glu/actions.git")]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the component's script", () => {
  it("fetches the bundle at the component's commit, compares it with the release's digest and runs it", async () => {
    const { stdout, stderr } = await job(gitlabScript("artifact create", sha256(sums)));
    expect(stdout).toBe("the bundle ran artifact create\n");
    expect(stderr).toBe("");
  });

  it("does not run a bundle that is not the released one", async () => {
    const failed = job(gitlabScript("promote", sha256(sums)), { GLU_COMPONENT_SHA: tampered });
    await expect(failed).rejects.toMatchObject({ stdout: expect.not.stringContaining("the bundle ran") });
  });

  it("does not run a bundle whose list of digests is another", async () => {
    const failed = job(gitlabScript("promote", sha256("another")));
    await expect(failed).rejects.toMatchObject({ stdout: expect.not.stringContaining("the bundle ran") });
  });

  it("says so when the component is not a release", async () => {
    const { stdout, stderr } = await job(gitlabScript("promote", ""));
    expect(stdout).toBe("the bundle ran promote\n");
    expect(stderr).toContain("not a release");
  });

  it("prefers the glu of the image, then the folder that GLU_BUNDLE names", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "glu"), '#!/bin/sh\necho "the image ran $*"\n');
    chmodSync(join(bin, "glu"), 0o755);
    const none = { GLU_COMPONENT_SHA: "0".repeat(40) };
    const own = await job(gitlabScript("promote", ""), { ...none, GLU_BUNDLE: join(folder, "work/dist") });
    expect(own.stdout).toBe("the bundle ran promote\n");
    const image = await job(gitlabScript("promote", ""), { ...none, PATH: `${bin}:${process.env.PATH}` });
    expect(image.stdout).toBe("the image ran promote\n");
  });

  it("hands the job token to Git in a header for that server, never in the URL, and keeps other settings", async () => {
    const seen: { authorization: string | undefined; other: string | undefined; url: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const other = request.headers["x-other"]?.toString();
      seen.push({ authorization: request.headers.authorization, other, url: request.url });
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const failed = job(gitlabScript("promote", ""), {
        CI_SERVER_URL: url,
        CI_JOB_TOKEN: "s3cret",
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "http.extraHeader",
        GIT_CONFIG_VALUE_0: "X-Other: kept",
      });
      await expect(failed).rejects.toMatchObject({ stderr: expect.not.stringContaining("s3cret") });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(seen[0]?.authorization).toBe(`Basic ${Buffer.from("gitlab-ci-token:s3cret").toString("base64")}`);
    expect(seen[0]?.other).toBe("kept");
    expect(seen[0]?.url).toMatch(/^\/glu\/actions\.git\/info\/refs/);
  });
});
