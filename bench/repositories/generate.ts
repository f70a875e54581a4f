import { artifactOf, config, configWithEdges, manifestOf, next, recordOf, valuesOf, valuesPath } from "./contents.ts";
import { appsOf, environments, promotable, type Shape } from "./shape.ts";

/** Artifacts that an app's chain keeps; with edges, where all apps have one. */
const kept = 200;
const keptWithEdges = 20;
const begin = 1_780_000_000;

/**
 * A config repository as the input of git-fast-import(1): one commit with every file, then commits that each change one
 * app's values and its record, as promotions do; and the artifacts of the apps that will be promoted.
 */
export function* generate(shape: Shape): Generator<string> {
  const apps = appsOf(shape);
  yield commit("refs/heads/main", begin, "Begin\n");
  let files = 0;
  for (const [path, content] of filesOf(apps, shape)) {
    yield file(path, content);
    files++;
  }
  if (files !== shape.files) throw new Error(`${files} files were made, not ${shape.files}.`);
  for (let revision = 1; revision < shape.commits; revision++) {
    const index = (revision * 37) % apps.length;
    const app = apps[index] as string;
    const record = recordOf(app, "production-us", { index, records: shape.records, revision });
    yield commit(
      "refs/heads/main",
      begin + revision * 600,
      `Promote ${app} to production-us\n\nRevision ${revision}\n`,
    );
    yield file(valuesPath(app, "production-us"), valuesOf(app, "production-us", revision));
    yield file(`.glu/${app}/production-us.json`, json(record));
  }
  const [withArtifacts, each] = shape.edges ? [apps, keptWithEdges] : [apps.slice(0, promotable), kept];
  for (const app of withArtifacts) {
    yield commit(`refs/glu/artifacts/${app}`, begin, `Add ${app}\n`);
    for (let number = next; number > next - each; number--) {
      const artifact = artifactOf(app, number);
      yield file(`${artifact.id}/artifact.json`, json(artifact));
    }
  }
  yield "done\n";
}

/** One artifact more for each of these apps, as their CI adds it: the next after what runs in testing. */
export function* generateNewer(apps: readonly string[]): Generator<string> {
  for (const app of apps) {
    const ref = `refs/glu/artifacts/${app}`;
    const artifact = artifactOf(app, next + 1);
    yield `${commit(ref, begin + 600, `Add ${app}\n`)}from ${ref}^0\n`;
    yield file(`${artifact.id}/artifact.json`, json(artifact));
  }
  yield "done\n";
}

function* filesOf(apps: readonly string[], { files, records, edges }: Shape): Generator<[string, string]> {
  let left = files - 2;
  yield ["glu.yaml", edges ? configWithEdges : config];
  yield ["README.md", "What runs where. Do not edit what promotions write.\n"];
  for (const [index, app] of apps.entries()) {
    for (const environment of environments) {
      const folder = `apps/${app}/envs/${environment}`;
      yield [valuesPath(app, environment), valuesOf(app, environment)];
      for (const kind of ["Deployment", "Service", "Ingress"]) {
        yield [`${folder}/templates/${kind.toLowerCase()}.yaml`, manifestOf(kind, app, environment)];
      }
      yield [`.glu/${app}/${environment}.json`, json(recordOf(app, environment, { index, records }))];
      left -= 5;
    }
  }
  for (; left > 0; left--) yield [`docs/page-${left}.md`, `# Page ${left}\n\nWhat the team wrote down.\n`];
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function commit(ref: string, seconds: number, message: string): string {
  return `commit ${ref}\ncommitter Ada <ada@example.org> ${seconds} +0000\n${data(message)}`;
}

const file = (path: string, content: string): string => `M 100644 inline ${path}\n${data(content)}`;

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
