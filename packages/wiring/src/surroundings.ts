import type { ApiCalls, CiContext, Clock, Logger } from "@glu/core";
import type { CallerConfig } from "@glu/git";

export type Env = Readonly<Record<string, string | undefined>>;

/** Where a run happens, read once at the edge and passed on: nothing below looks at the process. */
export interface Surroundings {
  env: Env;
  /** Working directory; relative paths of inputs are relative to it. */
  cwd: string;
  /** Git's configuration there. */
  callerConfig: CallerConfig;
  /** A folder for temporary files. It exists. */
  temp: string;
  clock: Clock;
  logger: Logger;
  context: CiContext;
  /** What this run asks of the APIs of forges; undefined: nobody counts it. */
  calls?: ApiCalls;
  /** A text without the secrets of this run. */
  redact(text: string): string;
  /** From now on this is a secret of the run, too. */
  mask(secret: string): void;
}
