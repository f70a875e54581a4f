import { UserError } from "../errors.ts";
import { closest } from "./closest.ts";

/** The error for a name that the config does not declare, with the one that was probably meant. */
export function unknownName(
  kind: "app" | "environment",
  name: string,
  known: Iterable<string>,
  file: string,
): UserError {
  const names = [...known];
  const near = closest(name, names);
  const some = names.slice(0, 20).join(", ") || "none";
  return new UserError(`config/unknown-${kind}`, `There is no ${kind} ${JSON.stringify(name)} in ${file}.`, {
    seen: name,
    fix: near === undefined ? `It declares ${some}.` : `Did you mean ${near}?`,
  });
}
