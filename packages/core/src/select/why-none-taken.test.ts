import { describe, expect, it } from "vitest";
import type { Artifact } from "../model/artifact.ts";
import { envName } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";
import { emptyRecord } from "../model/record.ts";
import { artifactOf, environment, pipelineOf } from "../test-kit/memory.ts";
import { whyNoneTaken } from "./why-none-taken.ts";

const web = artifactOf("web", 1);
const app = [
  ...pipelineOf(["web"], [environment("staging")], { repository: "acme/web" } as Partial<App>).apps.values(),
][0] as App;
const built = (version: Partial<Artifact["version"]>): Artifact => ({
  ...web,
  version: { ...web.version, ...version },
});
const why = (own: Partial<Environment>, all: Artifact[]) =>
  whyNoneTaken({ app, environment: environment("staging", own), explicit: false }, all, []);

describe("an environment takes nothing, because", () => {
  it.each<[string, Partial<Environment>, Artifact[]]>([
    ["no artifact of web is there yet", {}, []],
    ["The newest is .*: it was built for a pull request", {}, [built({ event: "pr" })]],
    [
      "The newest is .*: its repository or images are not those that apps.web declares",
      {},
      [built({ repositoryName: "evil/web" })],
    ],
    [
      'The newest is .*: it is not accepted: its branch is "x", and the policy wants main',
      { accept: [{ branch: ["main"] }] },
      [built({ branch: "x" })],
    ],
    [
      'The newest is .*: its branch is "x", and the policy wants main',
      { policy: [{ branch: ["main"] }] },
      [built({ branch: "x" })],
    ],
    [
      "The newest is .*: its commit was made by Glu, which policies ignore",
      { policy: [{ event: ["push"] }] },
      [built({ message: "Promote\n\nGlu-Request: 1\n" })],
    ],
  ])("%s", (said, own, all) => {
    expect(why(own, all)).toMatch(new RegExp(`${said}$`));
  });

  it("nothing is upstream yet", () => {
    const upstreams = ["eu", "us"].map((name) => envName(name));
    const production = (mode: "any" | "all") =>
      environment("production", { auto: "newest", from: { mode, environments: upstreams } });
    const records = upstreams.map((name) => emptyRecord(app.name, name));
    const said = (mode: "any" | "all") =>
      whyNoneTaken({ app, environment: production(mode), explicit: false }, [web], records);
    expect(said("all")).toBe("nothing of web was released in eu and us yet");
    expect(said("any")).toBe("nothing of web was released in eu or us yet");
  });
});
