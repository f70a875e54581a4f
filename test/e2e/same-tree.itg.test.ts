import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Acme } from "./acme/acme.ts";
import { appFiles } from "./acme/files.ts";
import { atTerminal, type DeliveringHost, hosts, type Place } from "./acme/hosts.ts";
import { type Outcome, outcomeOf } from "./acme/outcome.ts";
import { recordArtifact } from "./acme/record-artifact.ts";
import { makeMirrors } from "./delivery.ts";
import { moveToGitlab } from "./gitlab/acme-on-gitlab.ts";
import { root, Sandbox } from "./sandbox.ts";

// One server, whose config branch is put back before each host: even URLs and ids of commits are the same on all.
let sandbox: Sandbox;
let acme: Acme;
let place: Place;

beforeAll(async () => {
  sandbox = new Sandbox();
  sandbox.addProgram(join(root, "test/e2e/fixtures/docker"));
  acme = await Acme.start(sandbox);
  const mirrors = await makeMirrors(sandbox);
  await moveToGitlab(sandbox, acme, mirrors);
  const digest = createHash("sha256")
    .update(appFiles().Dockerfile ?? "")
    .digest("hex");
  const commit = await acme.git("frontend", "rev-parse", "main");
  place = { sandbox, acme, mirrors, image: `ghcr.io/acme/frontend:${commit}@sha256:${digest}` };
});
afterAll(async () => {
  await acme[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});
beforeEach(() => acme.forgetReleases());

describe("one artifact, promoted by hand to staging and then to production,", () => {
  let artifact = "";
  let expected: Outcome;
  let runs = 0;

  async function promoteTwice(host: DeliveringHost): Promise<Outcome> {
    for (const environment of ["staging", "production"]) {
      const reason = "$(touch pwned) `x` ${{ y }} 'z' # all data";
      await host.promoteByHand(place, { app: "frontend", environment, artifact, reason }, String(++runs));
    }
    return outcomeOf(acme, "before");
  }

  beforeAll(async () => {
    artifact = await recordArtifact(sandbox, acme, place.image);
    expected = await promoteTwice(atTerminal);
    expect(expected.messages).toHaveLength(4);
  });

  test.each(hosts)("leaves by %s the tree and the records that it leaves by a terminal", async (_name, host) => {
    expect(await promoteTwice(host)).toEqual(expected);
  });
});

describe("one commit, built, recorded and promoted by the examples,", () => {
  let expected: Outcome;

  beforeAll(async () => {
    await acme.forgetReleases();
    await acme.forgetArtifacts();
    await atTerminal.deliver(place);
    expected = await outcomeOf(acme, "here");
    expect(expected.messages).toHaveLength(3);
  });

  test.each(hosts)("leaves by %s the tree that it leaves by a terminal", async (_name, host) => {
    await acme.forgetArtifacts();
    await host.deliver(place);
    expect(await outcomeOf(acme, "here")).toEqual(expected);
  });
});
