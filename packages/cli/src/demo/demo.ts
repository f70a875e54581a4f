import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openCallerConfig } from "@glu/git";
import {
  buildArtifact,
  type Command,
  type demo as command,
  type InputsOf,
  promote,
  readCliInputs,
  status,
} from "@glu/inputs";
import { renderText } from "@glu/report";
import type { Outcome, Run, Surroundings } from "@glu/wiring";
import { runBuildArtifact } from "@glu/wiring/commands/build-artifact";
import { runStatus } from "@glu/wiring/commands/overview";
import { runPromote } from "@glu/wiring/commands/promote";
import { appFiles, configFiles } from "./files.ts";
import { demoFolder } from "./folder.ts";
import { commitFiles, createRepository, demoEnv, gitWith } from "./repositories.ts";

/** Runs a command of the demo and shows it as a person would have typed it, with its answer. */
class Stage {
  readonly #surroundings: Surroundings;
  readonly #summaries: string;
  #count = 0;

  constructor(surroundings: Surroundings, summaries: string) {
    this.#surroundings = surroundings;
    this.#summaries = summaries;
  }

  say(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  title(text: string): void {
    this.say(`\n━━ ${text}\n`);
  }

  async run<C extends Command>(definition: C, run: Run<InputsOf<C>>, argv: readonly string[]): Promise<Outcome> {
    this.say(`$ glu ${definition.cli} ${argv.map(quote).join(" ")}`);
    const outcome = await run(readCliInputs(definition, givenOf(argv), {}), this.#surroundings);
    await this.#show(definition.name, outcome);
    return outcome;
  }

  /** Runs several at the same time: they race for the branch. */
  async race<C extends Command>(
    definition: C,
    run: Run<InputsOf<C>>,
    argvs: readonly (readonly string[])[],
  ): Promise<Outcome[]> {
    for (const argv of argvs) this.say(`$ glu ${definition.cli} ${argv.map(quote).join(" ")} &`);
    const outcomes = await Promise.all(
      argvs.map((argv) => run(readCliInputs(definition, givenOf(argv), {}), this.#surroundings)),
    );
    for (const outcome of outcomes) await this.#show(definition.name, outcome);
    return outcomes;
  }

  async #show(name: string, { report }: Outcome): Promise<void> {
    if (report === undefined) return;
    const { isTTY, columns } = process.stdout;
    this.say(renderText(report, { color: isTTY === true && !process.env.NO_COLOR, width: columns || 110 }));
    const file = join(this.#summaries, `${String(++this.#count).padStart(2, "0")}-${name}`);
    // As the commands load them, so that they are in the bundle once.
    const [{ renderMarkdown }, { renderHtml }, { toJson }] = await Promise.all([
      import("@glu/report/markdown"),
      import("@glu/report/html"),
      import("@glu/report/json"),
    ]);
    await writeFile(`${file}.md`, renderMarkdown(report, { flavor: "github" }));
    await writeFile(`${file}.html`, renderHtml(report));
    await writeFile(`${file}.json`, `${JSON.stringify(toJson(report), null, 2)}\n`);
  }
}

const quote = (word: string): string => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`);

/** `--app web --plan` as the inputs take it. */
function givenOf(argv: readonly string[]): Record<string, string[]> {
  const given: Record<string, string[]> = {};
  for (let index = 0; index < argv.length; index += 2) {
    const name = (argv[index] ?? "").replace(/^--/, "");
    given[name] = [...(given[name] ?? []), argv[index + 1] ?? ""];
  }
  return given;
}

const digestOf = (version: string): string => `sha256:${createHash("sha256").update(version).digest("hex")}`;

/** `glu demo`: a whole delivery on this machine, on real Git, without an account or network. */
export async function runDemo(inputs: InputsOf<typeof command>, surroundings: Surroundings): Promise<Outcome> {
  const started = Date.now();
  const asked = inputs.keep === undefined ? undefined : resolve(surroundings.cwd, inputs.keep);
  const { folder, summaries } = await demoFolder(asked);
  const env = demoEnv(process.env);
  const git = gitWith(env);
  const app = await createRepository(git, folder, "frontend", appFiles);
  const config = await createRepository(git, folder, "config", configFiles);
  // As CI would see a push to main.
  const actor = { name: "demo", verified: false };
  const push = { event: "push", hostEvent: "push", repository: "acme/frontend" } as const;
  const context = { ...surroundings.context, ...push, actor };
  const place = { env, cwd: app.work };
  const stage = new Stage({ ...surroundings, ...place, callerConfig: openCallerConfig(place), context }, summaries);
  const where = ["--config-repository", config.bare];
  const build = async (name: string, version: string) => {
    const image = `web=ghcr.io/acme/${name}:${version}@${digestOf(name + version)}`;
    const { outputs } = await stage.run(buildArtifact, runBuildArtifact, ["--app", name, "--image", image, ...where]);
    return outputs["artifact-id"] ?? "";
  };
  const promoteTo = (...more: string[]) => stage.run(promote, runPromote, [...more, ...where]);

  stage.say(`An app repository and a config repository, in ${folder}`);
  stage.title("1. CI of the app records what it built: a release artifact");
  const first = await build("frontend", "1.0.0");
  stage.title("2. The policy promotes it to staging");
  await promoteTo("--app", "frontend", "--artifact", first);
  stage.title("3. A person promotes it to production");
  await promoteTo("--app", "frontend", "--environment", "production", "--artifact", first, "--reason", "first release");
  stage.title("4. The next version; production is asked for too early: held, and why");
  await commitFiles(git, app.work, { "main.js": 'console.log("frontend, better");\n' }, "Make it better");
  const second = await build("frontend", "1.1.0");
  await promoteTo("--app", "frontend", "--environment", "production", "--artifact", second);
  stage.title("5. Through staging first");
  await promoteTo("--app", "frontend", "--artifact", second);
  stage.title("6. The same again: nothing to do, and nothing is done");
  await promoteTo("--app", "frontend", "--artifact", second);
  stage.title("7. Two promotions race for one branch: both land");
  const backend = await build("backend", "2.0.0");
  await stage.race(promote, runPromote, [
    ["--app", "frontend", "--environment", "production", "--artifact", second, ...where],
    ["--app", "backend", "--artifact", backend, ...where],
  ]);
  stage.title("What runs where");
  await stage.run(status, runStatus, where);
  stage.say("$ git log --oneline");
  stage.say(await git(config.bare, "log", "--oneline", "main"));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  stage.say(`Done in ${seconds} s. Kept in ${folder}:`);
  stage.say(`  config.git, frontend.git   the repositories (git -C ${config.bare} log --patch)`);
  stage.say("  summaries/                 what CI would show, as Markdown, HTML and JSON");
  return { exitCode: 0, outputs: {}, report: undefined, notices: [] };
}
