import { expect } from "vitest";
import { runOnGitea } from "../gitea/action-step.ts";
import * as github from "../github/acme-on-github.ts";
import { DispatchApi } from "../github/dispatch-api.ts";
import * as gitlab from "../gitlab/acme-on-gitlab.ts";
import type { Sandbox } from "../sandbox.ts";
import { glu } from "../terminal/glu.ts";
import type { Acme } from "./acme.ts";

/** Where acme delivers, in turn on each host, with one server and one history. */
export interface Place {
  sandbox: Sandbox;
  acme: Acme;
  /** The folder of the mirrors that a release publishes. */
  mirrors: string;
  /** The image that the app's build pushes, with tag and digest. */
  image: string;
}

/** What acme does in the same way on every host. */
export interface DeliveringHost {
  /** Promotes as people do who fill in a form. */
  promoteByHand(place: Place, form: github.Form, run: string): Promise<void>;
  /** From the commit at the app's main to staging, as the examples do it. */
  deliver(place: Place): Promise<void>;
}

const onGithub: DeliveringHost = {
  async promoteByHand({ sandbox, acme, mirrors }, form, run) {
    await acme.cloneFrom("https://github.com");
    const { jobs, log } = await github.promoteByHand(sandbox, { acme, mirrors, run: { id: run } }, form);
    expect(jobs, log).toEqual({ promote: "success" });
  },
  async deliver({ sandbox, acme, mirrors }) {
    await acme.cloneFrom("https://github.com");
    await using api = await DispatchApi.start(github.appToken);
    const build = await github.pushToApp(sandbox, { acme, mirrors, api: api.url });
    expect(build.jobs, build.log).toEqual({ image: "success", artifact: "success", request: "success" });
    const [dispatch] = api.dispatched;
    if (dispatch === undefined) throw new Error("Nobody asked.");
    const promote = await github.promoteOnRequest(sandbox, { acme, mirrors }, dispatch);
    expect(promote.jobs, promote.log).toEqual({ promote: "success" });
  },
};

const onGitlab: DeliveringHost = {
  async promoteByHand({ sandbox, acme }, form, run) {
    await acme.cloneFrom(acme.server.origin);
    const { jobs, log } = await gitlab.runConfig(sandbox, acme, { source: "web", inputs: { ...form }, pipeline: run });
    expect(jobs, log).toEqual({ promote: "PASS" });
  },
  async deliver({ sandbox, acme }) {
    await acme.cloneFrom(acme.server.origin);
    const build = await gitlab.pushToApp(sandbox, acme);
    expect(build.jobs, build.log).toMatchObject({ "build-image": "PASS", "build-artifact": "PASS" });
    const promote = await gitlab.runConfig(sandbox, acme, { source: "pipeline", inputs: gitlab.trigger().inputs });
    expect(promote.jobs, promote.log).toEqual({ promote: "PASS" });
  },
};

const onGitea: DeliveringHost = {
  async promoteByHand({ sandbox, acme }, form, run) {
    await succeed(
      runOnGitea(sandbox, acme, {
        action: "promote",
        repository: "deployments",
        event: "workflow_dispatch",
        inputs: { ...form },
        run,
      }),
    );
  },
  async deliver({ sandbox, acme, image }) {
    const inputs = { app: "frontend", image: `web=${image}` };
    await succeed(
      runOnGitea(sandbox, acme, { action: "build-artifact", repository: "frontend", event: "push", inputs }),
    );
    const event = "workflow_dispatch";
    await succeed(
      runOnGitea(sandbox, acme, { action: "promote", repository: "deployments", event, inputs: { app: "frontend" } }),
    );
  },
};

/** A person, who has no policy that starts things: they name the environment. */
export const atTerminal: DeliveringHost = {
  async promoteByHand({ sandbox, acme }, form) {
    await acme.cloneFrom(acme.server.origin);
    const flags = Object.entries(form).flatMap(([name, value]) => [`--${name}`, value]);
    await succeed(glu(sandbox, acme.config, "promote", ...flags));
  },
  async deliver({ sandbox, acme, image }) {
    await acme.cloneFrom(acme.server.origin);
    await succeed(glu(sandbox, acme.app, "artifact", "create", "--app", "frontend", "--image", `web=${image}`));
    const [artifact = ""] = await acme.artifacts();
    await succeed(
      glu(sandbox, acme.config, "promote", "--environment", "staging", "--artifact", artifact, "--app", "frontend"),
    );
  },
};

/** Every host but the terminal, which the others are compared with. */
export const hosts = [
  ["GitHub Actions", onGithub],
  ["GitLab CI", onGitlab],
  ["Gitea Actions", onGitea],
] as const;

async function succeed(running: Promise<{ exitCode: number | null; stdout: string; stderr: string }>): Promise<void> {
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode, stdout + stderr).toBe(0);
}
