import { UserError } from "../errors.ts";
import { closest } from "./closest.ts";

/** Names that a message has room for. */
const mostNames = 20;

/** The error for a name that the config does not declare, with the one that was probably meant. */
export function unknownName(
  kind: "app" | "environment",
  name: string,
  known: Iterable<string>,
  file: string,
): UserError {
  const names = [...known];
  const near = closest(name, names);
  const left = names.length - mostNames;
  const some = `${names.slice(0, mostNames).join(", ") || "none"}${left > 0 ? ` and ${left} more` : ""}`;
  return new UserError(`config/unknown-${kind}`, `There is no ${kind} ${JSON.stringify(name)} in ${file}.`, {
    seen: name,
    fix: near === undefined ? `It declares ${some}.` : `Did you mean ${near}?`,
  });
}
