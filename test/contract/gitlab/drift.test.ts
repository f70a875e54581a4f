import { expect, test } from "vitest";
import { digest, valuesOf, written } from "../delivery.ts";
import { Delivery } from "../github/delivery.ts";
import { violations } from "../schemas.ts";
import { runComponent } from "./job.ts";

const staging = valuesOf("web", "staging");

test("a push that changes a released value fails the job, with the findings in its report and a link to the commit", async () => {
  await using delivery = await Delivery.start();
  const { config, forge, machine, web } = delivery;
  const jobOf = (project: string, sha: string, before = "0".repeat(40)) => {
    return { machine, forge, project, sha, variables: { CI_COMMIT_BEFORE_SHA: before } };
  };
  const made = await runComponent(jobOf("acme/web", web.git("rev-parse", "main").trim()), "artifact create", {
    app: "web",
    image: `web=ghcr.io/acme/web:1.1.0@${digest("b")}`,
    "artifact-repository": "acme/config",
    "dry-run": "false ",
  });
  expect(made.exitCode, made.stderr).toBe(0);
  const inputs = { app: "web", environment: "staging" };
  const promoted = await runComponent(jobOf("acme/config", delivery.tip), "promote", inputs);
  expect(promoted.exitCode, promoted.stderr).toBe(0);
  const before = delivery.tip;
  config.push("main", { [staging]: written("6.6.6", "b") });
  const job = jobOf("acme/config", delivery.tip, before);
  const found = await runComponent(job, "drift", { "on-drift": "fail" });
  expect(found.exitCode, found.stderr).toBe(3);
  const document = JSON.parse(found.reports["result.json"] ?? "") as Record<string, unknown>;
  expect(violations("drift", document)).toEqual([]);
  expect(document).toMatchObject({ result: "drifted", since: before, commits: 1, findings: [{ line: 3 }] });
  expect(found.reports["glu.env"]).toBe("GLU_RESULT=drifted\n");
  expect(found.reports["annotations.json"]).toContain(`${forge.origin}/acme/config/-/commit/${delivery.tip}`);
  expect((await runComponent(job, "drift", { "on-drift": "succeed" })).exitCode).toBe(0);
});
