import { refName } from "@glu/core";

function checked(prefix: string, name: string): string {
  // Both forms: the full ref for Git's own rules, the short name for what a command could take for an option.
  if (name.startsWith("-")) refName(name);
  return refName(`${prefix}${name}`).slice(prefix.length);
}

/** A branch's short name, as it is. @throws UserError `input/ref`. */
export function branchName(name: string | undefined): string | undefined {
  return name ? checked("refs/heads/", name) : undefined;
}

/** A tag's short name, as it is. @throws UserError `input/ref`. */
export function tagName(name: string | undefined): string | undefined {
  return name ? checked("refs/tags/", name) : undefined;
}
