import { GitServer } from "@glu/testing/internal";
import { expect } from "vitest";
import { artifactOf, ConfigWorld, writeArtifact } from "../product/config-world.ts";
import { Machine } from "../product/glu-process.ts";

export interface Contention {
  writers: number;
  shared: boolean;
  /** Over HTTP by the wire or by the git binary, or by a path. */
  way: "wire" | "git" | "path";
}

/** What one contention cost, for the log: never asserted, it is the machine's. */
export interface Cost {
  pushes: number | undefined;
  requests: number | undefined;
  seconds: number;
}

/**
 * Starts so many separate `glu promote` at once, each for its own app, and checks that all land: one commit each, in a
 * line, that changes the bytes of that app and its record and no others.
 */
export async function contend({ writers, shared, way }: Contention): Promise<Cost> {
  const apps = Array.from({ length: writers }, (_, index) => `app-${String(index + 1).padStart(2, "0")}`);
  using world = new ConfigWorld({ apps, shared });
  using machine = new Machine();
  await using server = way !== "path" ? await GitServer.start(world.root) : undefined;
  const location = server?.url(world.name) ?? world.path;
  const began = performance.now();
  const answers = await Promise.all(
    apps.map(async (app, index) => {
      const artifact = writeArtifact(machine, artifactOf(app, index + 1), `${app}.json`);
      const ended = await machine.glu(
        [
          ...["promote", "--app", app, "--environment", "staging", "--artifact", artifact],
          ...["--config-repository", location, "-o", "json"],
        ],
        { env: { GLU_TRANSPORT: way === "git" ? "git" : "" } },
      );
      return { app, number: index + 1, ended };
    }),
  );
  const seconds = (performance.now() - began) / 1000;

  for (const { app, ended } of answers) {
    expect(ended.code, `${app}: ${ended.stderr}${ended.stdout}`).toBe(0);
    const by = way === "wire" ? "wire" : "git";
    expect(JSON.parse(ended.stdout)).toMatchObject({ result: "promoted", cost: { way: by } });
  }
  const commits = world.commits();
  expect(commits).toHaveLength(writers);
  const tip = world.git("rev-parse", "main");
  expect(tip).toBe(commits.at(-1)?.id);
  let parent = world.git("rev-list", "--max-parents=0", "main");
  for (const { id, parents, message, paths } of commits) {
    expect(parents, "in one line").toEqual([parent]);
    const app = /^Glu-App: (.*)$/m.exec(message)?.[1] ?? "";
    const { number = 0, ended } = answers.find((one) => one.app === app) ?? {};
    expect((JSON.parse(ended?.stdout ?? "{}") as { commit: string }).commit).toBe(id);
    expect(paths).toEqual([`.glu/${app}/staging.json`, world.fileOf(app, "staging")].sort());
    const [before, after] = [parent, id].map((at) => world.text(world.fileOf(app, "staging"), at).split("\n"));
    const changed = before!.flatMap((line, index) => (line === after![index] ? [] : [[line, after![index]]]));
    expect(after).toHaveLength(before!.length);
    expect(changed).toEqual([
      [
        expect.stringMatching(new RegExp(`^ +tag: "0\\.0" +# of ${app}$`)),
        before!.find((line) => line.includes(`tag:`) && line.endsWith(`# of ${app}`))!.replace("0.0", `1.${number}`),
      ],
      [
        expect.stringMatching(new RegExp(`^ +digest: "" +# of ${app}$`)),
        before!
          .find((line) => line.includes(`digest:`) && line.endsWith(`# of ${app}`))!
          .replace('""', `"sha256:${number.toString(16).padStart(64, "0")}"`),
      ],
    ]);
    parent = id;
  }
  for (const { app, number } of answers) {
    expect(world.record(app, "staging")?.current?.artifact.images.web?.tag).toBe(`1.${number}`);
    expect(world.record(app, "staging")?.history).toEqual([]);
  }
  expect(world.git("fsck", "--strict", "--no-dangling")).not.toMatch(/error|missing|broken/i);
  const posted = server?.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/git-receive-pack"));
  return { pushes: posted?.length, requests: server?.requests.length, seconds };
}

/** For the log of a run. */
export function describeCost({ writers, shared, way }: Contention, { pushes, requests, seconds }: Cost): string {
  const each = (count: number | undefined) => (count === undefined ? "?" : (count / writers).toFixed(2));
  const where = shared ? "one shared file" : "a file each";
  return `${writers} writers, ${where}, ${way}: ${each(pushes)} pushes and ${each(requests)} requests a promotion, ${seconds.toFixed(1)} s in all`;
}
