import { GitServer } from "@glu/testing/internal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Machine } from "../product/glu-process.ts";
import { Past, type PastRepository, pastArtifact, pastFile } from "./past.ts";

// One app is released three times, and then others 200 times, in a line and into the same file.
const hour = 3_600_000;
const began = Math.floor((Date.now() - 300 * hour) / 1000) * 1000;
const others = ["mail", "docs", "shop", "blog"];

describe.each([
  { shared: false, way: "wire" },
  { shared: true, way: "wire" },
  { shared: true, way: "git" },
])("after 200 releases of others (one file for all: $shared, by $way) a rollback of one app", ({ shared, way }) => {
  let repository: PastRepository;
  let server: GitServer;
  let machine: Machine;
  let tip: string;
  const [marks, at]: [number[], number[]] = [[], []];

  beforeAll(async () => {
    const apps = ["web", ...others];
    const past = new Past({ apps, shared: shared ? apps : [] }, began);
    const release = (app: string, number: number, index: number) =>
      past.release([{ app, number, at: began + index * hour }]);
    [1, 2, 3].forEach((number) => {
      marks.push(release("web", number, number));
      at.push(began + number * hour);
    });
    for (let index = 0; index < 200; index++) {
      release(others[index % others.length] ?? "", 1 + Math.floor(index / others.length), 10 + index);
    }
    repository = past.make();
    tip = repository.commitAt(marks.length + 201);
    machine = new Machine();
    server = await GitServer.start(repository.fixture.root);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    machine[Symbol.dispose]();
    repository[Symbol.dispose]();
  });

  const ways: [string, () => string, number][] = [
    ["previous", () => "previous", 2],
    ["a number of releases", () => "2", 1],
    ["a version", () => "v1.1", 1],
    ["a time", () => new Date((at[1] ?? 0) + hour / 2).toISOString(), 2],
    ["a commit of the config repository", () => repository.commitAt(marks[0] ?? 0), 1],
    ["an artifact's id", () => pastArtifact("web", 1).id, 1],
  ];

  it.each(ways)("by %s changes what is its own, and nothing of the others", async (_by, to, number) => {
    repository.reset(tip);
    server.requests.length = 0;
    const before = others.map((app) => repository.runs(app, "production", shared));
    expect(before).toEqual([50, 50, 50, 50]);
    const where = ["--config-repository", server.url("config.git"), "-o", "json"];
    const ended = await machine.glu(
      ["rollback", "--app", "web", "--environment", "production", "--to", to(), ...where],
      { env: { GLU_TRANSPORT: way === "git" ? "git" : "" } },
    );
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const { cost, decisions } = JSON.parse(ended.stdout);
    expect(cost.way).toBe(way);
    expect(decisions).toMatchObject([{ result: "promoted", app: "web" }]);
    expect(repository.runs("web", "production", shared)).toBe(number);
    expect(others.map((app) => repository.runs(app, "production", shared))).toEqual(before);
    const paths = [".glu/web/production.json", ".glu/web/production.pin.json", pastFile("web", "production", shared)];
    expect(repository.fixture.git("diff", "--name-only", tip, "main").split("\n").sort()).toEqual(paths.sort());
    expect(repository.fixture.git("diff", "--numstat", tip, "main", "--", paths.at(-1) ?? "")).toMatch(/^2\t2\t/);
    expect(repository.fixture.git("rev-list", "--count", `${tip}..main`)).toBe("1");
    // What comes is no clone: the objects of 200 other releases are some hundreds of kilobytes.
    const sent = server.requests.reduce((sum, one) => sum + one.sent, 0);
    expect(sent, `${sent} bytes`).toBeLessThan(80_000);
  });

  it("exactly puts its file back, and is refused where others write into it", async () => {
    repository.reset(tip);
    const where = ["--config-repository", server.url("config.git"), "-o", "json"];
    const named = ["rollback", "--app", "web", "--environment", "production", "--exact", ...where];
    const { code, stdout } = await machine.glu(named, { env: { GLU_TRANSPORT: way === "git" ? "git" : "" } });
    expect(code, stdout).toBe(shared ? 3 : 0);
    if (shared) expect(stdout).toContain("rollback/shared-file");
    const file = pastFile("web", "production", shared);
    expect(repository.text(file)).toBe(repository.text(file, shared ? tip : repository.commitAt(marks[1] ?? 0)));
  });
});
