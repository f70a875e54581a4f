import { type PromoteRequest, type RollbackOptions, requestId } from "@glu/core";
import fc from "fast-check";
import {
  type AppName,
  appNames,
  artifactsOf,
  type Delivery,
  environments,
  type Fault,
  fileOf,
  webGoes,
} from "./delivery.ts";

export interface Promotion {
  kind: "promote";
  apps: readonly string[];
  environments: readonly string[];
  /** Index into the first app's artifacts; `latest` else. */
  artifact: number | "latest";
  overwrite: boolean;
  set: boolean;
  fault: Fault;
  /** It goes back instead. */
  back?: Back;
}

/** How far it goes back: so many releases, or to the artifact of that index. */
export interface Back {
  to: { steps: number } | { artifact: number };
  pin: boolean;
  override: boolean;
}

export type Operation =
  | Promotion
  | { kind: "pin" | "unpin"; app: AppName; environment: string }
  | { kind: "freeze" | "unfreeze"; environment: string }
  | { kind: "membership"; demo: boolean }
  | { kind: "drift" | "replicas" | "foreign"; app: AppName; environment: string; value: number };

// Most of it in one place, so that operations meet.
const app = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("web" as const, "jobs" as const) },
  { weight: 1, arbitrary: fc.constantFrom(...appNames) },
);
const environment = fc.oneof(
  { weight: 3, arbitrary: fc.constant("staging" as const) },
  { weight: 2, arbitrary: fc.constantFrom(...environments) },
);
const seldom = fc.nat(4).map((number) => number === 0);

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom({ kill: "before" } as const, { kill: "after" } as const) },
  { weight: 1, arbitrary: fc.constantFrom({ unclear: "landed" } as const, { unclear: "lost" } as const) },
);

const one: fc.Arbitrary<Promotion> = fc.record({
  kind: fc.constant("promote" as const),
  apps: app.map((name) => [name]),
  environments: fc.oneof(fc.constant([]), fc.uniqueArray(environment, { minLength: 1, maxLength: 2 })),
  artifact: fc.oneof(fc.constant("latest" as const), fc.nat(6)),
  overwrite: seldom,
  set: fc.constant(false),
  fault,
});

const several: fc.Arbitrary<Promotion> = fc.record({
  kind: fc.constant("promote" as const),
  apps: fc.oneof(fc.constant([]), fc.uniqueArray(app, { minLength: 2 })),
  environments: fc.oneof(fc.constant([]), fc.constant(["staging"])),
  artifact: fc.constant("latest" as const),
  overwrite: seldom,
  set: fc.boolean(),
  fault,
});

const back: fc.Arbitrary<Promotion> = fc.record({
  kind: fc.constant("promote" as const),
  apps: fc.oneof({ weight: 4, arbitrary: app.map((name) => [name]) }, { weight: 1, arbitrary: fc.constant([]) }),
  environments: environment.map((name) => [name]),
  artifact: fc.constant("latest" as const),
  overwrite: seldom,
  set: seldom,
  fault,
  back: fc.record({
    to: fc.oneof(fc.record({ steps: fc.integer({ min: 1, max: 3 }) }), fc.record({ artifact: fc.nat(6) })),
    pin: seldom.map((not) => !not),
    override: seldom,
  }),
});

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: one },
  { weight: 2, arbitrary: several },
  { weight: 3, arbitrary: back },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("pin" as const, "pin" as const, "unpin" as const), app, environment }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("freeze" as const, "unfreeze" as const, "unfreeze" as const),
      environment: fc.constantFrom("staging", "production", "all"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("membership" as const), demo: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("drift" as const, "replicas" as const, "foreign" as const),
      app,
      environment,
      value: fc.nat(99),
    }),
  },
);

export function requestOf(promotion: Promotion, id: string): PromoteRequest {
  const [first = "web"] = promotion.apps;
  return {
    apps: promotion.apps,
    environments: promotion.environments,
    artifact: promotion.artifact === "latest" ? "latest" : artifactsOf(first)[promotion.artifact]!.id,
    reason: undefined,
    plan: false,
    overwrite: promotion.overwrite,
    set: promotion.set,
    commitMessage: undefined,
    author: undefined,
    request: requestId(id),
    again: true,
    actor: { name: "ada", verified: true },
    ...(promotion.back === undefined ? {} : { rollback: rollbackOf(promotion.back, first) }),
    ...(promotion.back?.override === true ? { override: ["pin"], reason: "incident 42" } : {}),
  };
}

function rollbackOf({ to, pin }: Back, app: string): RollbackOptions {
  return {
    target:
      "steps" in to ? { kind: "steps", count: to.steps } : { kind: "named", name: artifactsOf(app)[to.artifact]!.id },
    pin: pin ? { until: undefined } : undefined,
    exact: false,
    directly: false,
  };
}

/** A person's edit, or a pin or freeze. */
export async function disturb(delivery: Delivery, operation: Exclude<Operation, Promotion>, id: string): Promise<void> {
  switch (operation.kind) {
    case "pin":
    case "unpin":
      await delivery.hold(operation.kind, operation.app, operation.environment, id);
      return;
    case "freeze":
    case "unfreeze":
      await delivery.hold(operation.kind, "", operation.environment, id);
      return;
    case "membership":
      await delivery.byHand("glu.yaml", (text) =>
        text.replace(webGoes(true), webGoes(operation.demo)).replace(webGoes(false), webGoes(operation.demo)),
      );
      return;
    case "drift":
      await delivery.byHand(fileOf(operation.app, operation.environment), (text) =>
        text.replace(
          new RegExp(`"[^"]*"( +# tag of ${operation.app})`),
          operation.value % 4 === 0 ? `"1.${operation.value % 6}"$1` : `"by-hand-${operation.value}"$1`,
        ),
      );
      return;
    case "replicas":
      await delivery.byHand(fileOf(operation.app, operation.environment), (text) =>
        text.replace(/replicas: +\d+/, `replicas: ${operation.value}`),
      );
      return;
    case "foreign":
      await delivery.byHand("README.md", (text) => `${text}${operation.value}\n`);
  }
}
