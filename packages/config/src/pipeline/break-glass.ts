import type { BreakGlass, Environment, EnvName } from "@glu/core";
import { checkNames } from "./environments.ts";
import type { Reading } from "./reading.ts";

/** The environments, each with who may override gates there: what it says itself, else what the top says of it. */
export function withBreakGlass(
  reading: Reading,
  environments: ReadonlyMap<EnvName, Environment>,
): Map<EnvName, Environment> {
  const anywhere = reading.parsed["break-glass"] ?? [];
  for (const [index, { environments: names }] of anywhere.entries()) {
    const path = reading.places.keys(["break-glass"]).length === 0 ? ["break-glass", index] : ["break-glass"];
    checkNames(reading, names ?? [], environments, [...path, "environments"]);
  }
  return new Map(
    [...environments].map(([name, environment]) => {
      const own = reading.parsed.environments[name]?.["break-glass"];
      const given = anywhere
        .filter(({ environments: names }) => names === undefined || names.includes(name))
        .map(({ environments: _names, ...rule }): BreakGlass => rule);
      const breakGlass = own ?? given;
      return [name, breakGlass.length === 0 ? environment : { ...environment, breakGlass }];
    }),
  );
}
