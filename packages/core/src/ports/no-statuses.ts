import { UserError } from "../errors.ts";
import type { Marking } from "../promote/options.ts";

/** Where commits are not marked: a simulation. Nobody is told, since nobody could merge there what is held. */
export const noStatuses: Marking = {
  of: ({ location }) => ({ set: () => unknownForge(location), read: () => unknownForge(location) }),
  page: () => undefined,
};

/** @throws UserError `status/no-forge` */
export async function unknownForge(location: string): Promise<never> {
  throw new UserError("status/no-forge", `The forge of ${location}, which marks commits, is not known here.`, {
    seen: location,
    fix: "Run 'glu reconcile' in the pipeline of the config repository: it marks what is proposed.",
  });
}
