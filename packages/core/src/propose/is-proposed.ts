import type { Environment } from "../model/pipeline.ts";

/** Whether a place is written to by proposals. */
export const isProposed = ({ environment }: { environment: Environment }): boolean => environment.propose !== undefined;
