import type { Environment } from "../model/pipeline.ts";

/** Whether a place is written to by proposals. */
export const isProposed = ({ environment, directly }: { environment: Environment; directly?: boolean }): boolean =>
  environment.propose !== undefined && directly !== true;
