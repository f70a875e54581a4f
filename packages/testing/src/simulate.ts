import { basename, dirname, relative, resolve, sep } from "node:path";
import { createTemplates } from "@glu/config";
import { duration, type LoadPipeline, programGates, readTime, repoPath } from "@glu/core";
import { editors } from "@glu/editors";
import { Simulation } from "@glu/simulation";
import { pipelineLoader } from "@glu/wiring/load-pipeline";
import { ProgramEvaluator } from "@glu/wiring/program-evaluator";
import { folderSnapshot } from "@glu/wiring/working-copy";

export interface SimulateOptions {
  /** The path of the config, as `glu.yaml`; or its text, which has more than one line. Default: `glu.yaml`. */
  config?: string;
  /** The folder that the config repository lies in. Default: the folder of the config. */
  root?: string;
  /**
   * Files of the config repository by path: what `write` edits. They stand on top of those that lie in `root`. With the
   * config as text and no files, `write` is left out, and the decisions alone are simulated.
   */
  files?: Readonly<Record<string, string>>;
  /** RFC 3339: when the simulation begins. */
  start: string;
  /** How often a scheduled run looks at everything while time passes, such as `1h`. Default: never by itself. */
  reconcile?: string;
  /** Who asks, unless the event says so. Default: `simulation`. */
  actor?: string;
}

/**
 * A pipeline in memory, to test it: events go in, decisions come out. It runs what a CI job runs, with a clock that moves
 * only when it is told to, and needs neither network nor Git.
 * @throws UserError `config/…` when the config is wrong, and where
 */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const { config = "glu.yaml", start, reconcile, actor } = options;
  const { root, file, files } = placeOf({ ...options, config });
  const configFile = repoPath(file);
  const evaluator = new ProgramEvaluator();
  const load = pipelineLoader({ file: configFile, evaluator });
  const simulation = new Simulation({
    start: Date.parse(await readTime(start, 0, "from")),
    base: root === undefined ? undefined : folderSnapshot(root),
    files,
    configFile,
    loadPipeline: root === undefined && options.files === undefined ? withoutWrites(load) : load,
    editors,
    gates: programGates,
    functions: evaluator.functions,
    templates: await createTemplates(),
    every: reconcile === undefined ? undefined : duration(reconcile),
    actor,
  });
  // A mistake in the config is told here, not by the first event.
  await simulation.pipeline();
  return simulation;
}

interface Place {
  /** Undefined: nothing lies in a folder. */
  root: string | undefined;
  file: string;
  files: Readonly<Record<string, string>>;
}

function placeOf({ config, root, files = {} }: SimulateOptions & { config: string }): Place {
  if (config.includes("\n")) {
    return {
      root: root === undefined ? undefined : resolve(root),
      file: "glu.yaml",
      files: { ...files, "glu.yaml": config },
    };
  }
  const path = resolve(root ?? ".", config);
  if (root === undefined) return { root: dirname(path), file: basename(path), files };
  return { root: resolve(root), file: relative(resolve(root), path).split(sep).join("/"), files };
}

/** The pipeline without what it writes to files that nobody gave. */
function withoutWrites(load: LoadPipeline): LoadPipeline {
  return async (tip) => {
    const pipeline = await load(tip);
    return { ...pipeline, apps: new Map([...pipeline.apps].map(([name, app]) => [name, { ...app, write: [] }])) };
  };
}
