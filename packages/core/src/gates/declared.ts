import type { Artifact } from "../model/artifact.ts";
import type { App } from "../model/pipeline.ts";
import { nameOfPart } from "../model/source.ts";
import { defineGate, met, unmet } from "./gate.ts";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The source must be the declared repository: an app's credential must not promote another app's build. */
export const source = defineGate({
  name: "source",
  neverOverridden: "What was built elsewhere is not this app: correct repository in the config",
  options: undefined,
  outcome: "refused",
  observes: "state",
  observe: ({ intent }) => intent.artifact.version.repositoryName,
  check: (repository, _options, _now, { app }) =>
    app.repository === undefined
      ? met("any repository may build it: none is declared")
      : comesFrom(app, repository)
        ? met(`was built from ${repository}`)
        : unmet(`was built from ${repository}, but ${app.name} is declared to come from ${app.repository}`, {
            code: "source/undeclared",
            clearedBy: `apps.${app.name}.repository in the config`,
          }),
});

/** `owner/name` of a name, URL or scp-like address. */
function repositoryName(location: string): string {
  return location
    .replace(/^[a-z+]+:\/\/[^/]+\//i, "")
    .replace(/^[^/@]+@[^:/]+:/, "")
    .replace(/\.git$/, "")
    .replace(/^\/+|\/+$/g, "");
}

/** The key is the artifact's: one such as `constructor` must not find what every object inherits. */
const declaredImage = (app: App, key: string): string | undefined =>
  Object.hasOwn(app.images, key) ? app.images[key] : undefined;

/** Exactly, since it is written as it came: names of images are lower case, and registries take no other. */
function isDeclaredImage(app: App, key: string, name: string): boolean {
  return declaredImage(app, key) === name;
}

/** What the app follows is declared as well. */
const comesFrom = (app: App, repository: string): boolean =>
  app.repository === undefined ||
  same(repositoryName(app.repository), repositoryName(repository)) ||
  (app.sources ?? []).some(({ parts: [first] }) => nameOfPart(first) === repository);

/** Whether an artifact is what the app is declared to be made of: what automation would only be refused is not `latest`. */
export function isDeclared(app: App, { version, images: found }: Artifact): boolean {
  const declared = Object.entries(found).every(([key, { name }]) => isDeclaredImage(app, key, name));
  return declared && comesFrom(app, version.repositoryName);
}

/** Every image must be declared, under the same key and name. */
export const images = defineGate({
  name: "images",
  neverOverridden: "What the config does not declare is not this app: correct images in the config",
  options: undefined,
  outcome: "refused",
  observes: "state",
  observe: ({ intent }) => Object.entries(intent.artifact.images),
  check: (found, _options, _now, { app }) => {
    const strange = found.find(([key, image]) => !isDeclaredImage(app, key, image.name));
    if (strange === undefined) {
      return met(found.length === 0 ? "it has none" : found.map(([, image]) => image.name).join(", "));
    }
    const [key, image] = strange;
    const declared = declaredImage(app, key);
    return unmet(
      declared === undefined
        ? `the image ${key} (${image.name}) is not declared for ${app.name}`
        : `the image ${key} is ${image.name}, but ${declared} is declared`,
      { code: "images/undeclared", clearedBy: `apps.${app.name}.images in the config` },
    );
  },
});
