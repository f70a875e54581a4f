import type { SourceRepository } from "@glu/core";
import { createSecrets, readCiContext } from "@glu/hosts";
import { promote, readActionInputs } from "@glu/inputs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contextWithoutSecrets, refuseSecret, refuseSecrets, sourceWithoutSecrets } from "./secrets.ts";

const token = 'ghs_C4n4ry+/"&%t0ken';
const secrets = createSecrets();
secrets.add(token);
const { redact } = secrets;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const forms = [token, encodeURIComponent(token), base64(token), base64(`x-access-token:${token}`)];

it.each(["REASON", "COMMIT-MESSAGE", "AUTHOR", "ARTIFACT"])(
  "INPUT_%s with the token in any form is refused",
  (name) => {
    for (const form of forms) {
      const given = name === "AUTHOR" ? `Ada ${form} <ada@example.org>` : `because ${form}`;
      const inputs = readActionInputs(promote, { [`INPUT_${name}`]: given, INPUT_TOKEN: token });
      const error = (() => {
        try {
          refuseSecrets(promote, inputs, redact);
          return undefined;
        } catch (caught) {
          return caught as Error;
        }
      })();
      expect(error).toMatchObject({ code: "input/secret", kind: "usage", seen: undefined });
      expect(error?.message).toContain(name.toLowerCase());
      expect(error?.message).not.toContain(form);
    }
  },
);

it("an input that takes one of a few words cannot hold a secret, however short one is", () => {
  const short = createSecrets();
  short.add("x");
  const inputs = readActionInputs(promote, { INPUT_OUTPUT: "text", INPUT_REASON: "because" });
  expect(() => refuseSecrets(promote, inputs, short.redact)).not.toThrow();
  const given = readActionInputs(promote, { INPUT_REASON: "fix it" });
  expect(() => refuseSecrets(promote, given, short.redact)).toThrow(/"reason"/);
});

it("inputs that are made to hold a token may, and all others as long as they hold none", () => {
  const env = { INPUT_TOKEN: token, "INPUT_HOST-TOKEN": token, INPUT_MATRIX: token, INPUT_REASON: "because" };
  expect(() => refuseSecrets(promote, readActionInputs(promote, env), redact)).not.toThrow();
});

it("a secret is found wherever it stands in a value, as a key too", () => {
  const place = fc.constantFrom(
    (text: string) => ({ values: { replicas: 2, list: [{ note: text }] } }),
    (text: string) => [{ [text]: 1 }],
    (text: string) => text,
  );
  fc.assert(
    fc.property(place, fc.string(), fc.string(), fc.constantFrom(...forms), (put, before, after, form) => {
      expect(() => refuseSecret("manifests", put(before + form + after), redact)).toThrow(
        expect.objectContaining({ code: "input/secret" }),
      );
    }),
  );
});

it("what the event and the working copy say of the source commit is told without secrets", async () => {
  const sha = "a".repeat(40);
  const env = { GITLAB_CI: "true", CI_PIPELINE_SOURCE: "push", CI_COMMIT_SHA: sha, CI_COMMIT_BRANCH: "main" };
  const facts = { CI_COMMIT_MESSAGE: `Use ${token}\n`, CI_COMMIT_AUTHOR: `${token} <a@b>`, CI_JOB_STAGE: token };
  const context = contextWithoutSecrets(
    readCiContext({ ...env, ...facts }, () => undefined),
    redact,
  );
  expect(context.version).toMatchObject({ sha, branch: "main", message: "Use ***\n", authorName: "***" });
  expect(context.variables.CI_JOB_STAGE).toBe("***");

  const person = { name: token, email: "a@b" };
  const commit = { sha, author: person, committer: person, committedAt: "2026-11-21T07:00:00Z", message: token };
  const source = sourceWithoutSecrets(
    {
      commit: async () => commit,
      commitsBetween: async () => ({ commits: [commit], total: 7 }),
      branch: async () => `fix/${token}`,
      user: async () => undefined,
    } as never,
    redact,
  ) as SourceRepository;
  const told = { name: "***", email: "a@b" };
  expect(await source.commit()).toEqual({ ...commit, author: told, committer: told, message: "***" });
  const redacted = { ...commit, author: told, committer: told, message: "***" };
  expect(await source.commitsBetween("a", "b", 20)).toEqual({ commits: [redacted], total: 7 });
  expect([await source.branch(), await source.user()]).toEqual(["fix/***", undefined]);
});
