import type { Environment, EnvName, FreezeOptions, GateUse } from "@glu/core";
import { describePath } from "../grammar/explain-issue.ts";
import { checkNames } from "./environments.ts";
import type { Reading } from "./reading.ts";

/** The environments, each with the gate `window` for every freeze of it, before those it asks for itself. */
export function withFreezes(
  reading: Reading,
  environments: ReadonlyMap<EnvName, Environment>,
): Map<EnvName, Environment> {
  const freezes = reading.parsed.freezes ?? [];
  for (const [index, freeze] of freezes.entries()) {
    checkNames(reading, freeze.environments ?? [], environments, ["freezes", index, "environments"]);
  }
  const made = freezes.map(({ environments: names, times }, index) => {
    const path = ["freezes", index];
    const place = describePath(path);
    const options: FreezeOptions = { block: times, freeze: place };
    const gate: GateUse = { name: "window", options, at: { path: place, line: reading.places.key(path).line } };
    return { names, gate };
  });
  return new Map(
    [...environments].map(([name, environment]) => {
      const own = made.flatMap(({ names, gate }) => (names === undefined || names.includes(name) ? [gate] : []));
      return [name, own.length === 0 ? environment : { ...environment, gates: [...own, ...environment.gates] }];
    }),
  );
}
