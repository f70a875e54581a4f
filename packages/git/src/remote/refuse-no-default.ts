import { UserError } from "@glu/core";

/** @throws UserError `repository/no-branch` for a repository whose HEAD names no branch that exists */
export function refuseNoDefault(location: string): never {
  throw new UserError("repository/no-branch", `${location} does not say which branch is its default.`, {
    fix: "Name the branch with 'ref'. An empty repository needs a first commit.",
  });
}
