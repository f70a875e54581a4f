import type { Pipeline } from "@glu/core";

/** A pipeline as lists, in its order, without where its parts stand in the file. */
export function withoutLines({ artifacts, environments, apps }: Pipeline) {
  return {
    artifacts,
    environments: [...environments.values()].map((environment) => ({
      ...environment,
      gates: environment.gates.map(({ at, ...gate }) => ({ ...gate, at: at?.path })),
    })),
    apps: [...apps.values()].map((app) => ({
      ...app,
      images: Object.entries(app.images).sort(),
      write: app.write.map(({ editor, options }) => ({ editor, options })),
    })),
  };
}
