import { expect, it } from "vitest";
import { authorize, scrubber } from "./authorization.ts";
import { gitEnvironment } from "./environment.ts";

it("leaves out what would lead Git elsewhere or make it print headers", () => {
  const env = gitEnvironment({
    PATH: "/bin",
    GIT_DIR: "/x",
    GIT_WORK_TREE: "/x",
    GIT_INDEX_FILE: "/x",
    GIT_TRACE_CURL: "1",
    GIT_TRACE: "1",
    GIT_CURL_VERBOSE: "1",
    GIT_ASKPASS: "ask",
    GIT_SSH_COMMAND: "ssh -i key",
    NOTHING: undefined,
  });
  expect(env).toMatchObject({ PATH: "/bin", GIT_SSH_COMMAND: "ssh -i key", GIT_ASKPASS: "", GIT_TERMINAL_PROMPT: "0" });
  expect(Object.keys(env).filter((key) => /TRACE|DIR|TREE|INDEX|CURL|NOTHING/.test(key))).toEqual([]);
});

it("adds its settings after those of the caller", () => {
  const caller = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "a.b", GIT_CONFIG_VALUE_0: "c" };
  expect(gitEnvironment(caller, [["d.e", "f"]])).toMatchObject({
    ...caller,
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_1: "d.e",
    GIT_CONFIG_VALUE_1: "f",
  });
  expect(gitEnvironment(caller)).toMatchObject(caller);
});

it("takes the token out of a text in each of its forms", () => {
  const credentials = { token: "to/ken+=", username: "me" };
  const header = authorize("https://h/r.git", credentials).find(([, value]) => value.startsWith("Authorization"))?.[1];
  const text = `a to/ken+= b ${encodeURIComponent("to/ken+=")} c ${header} d ${Buffer.from("to/ken+=").toString("base64")}`;
  expect(scrubber(credentials)(text)).toBe("a *** b *** c Authorization: Basic *** d ***");
  expect(scrubber(undefined)(text)).toBe(text);
});
