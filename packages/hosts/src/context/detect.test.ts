import { describe, expect, it } from "vitest";
import { detectHost } from "./detect.ts";

describe("where a run happens", () => {
  it.each([
    ["github", { CI: "true", GITHUB_ACTIONS: "true" }],
    ["gitea", { CI: "true", GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true" }],
    ["gitea", { GITHUB_ACTIONS: "true", FORGEJO_ACTIONS: "true" }],
    ["gitlab", { CI: "true", GITLAB_CI: "true" }],
    ["terminal", { CI: "true" }],
    ["terminal", { GITHUB_ACTIONS: "" }],
    ["terminal", {}],
  ] as const)("is %s with %j", (host, env) => {
    expect(detectHost(env)).toBe(host);
  });
});
