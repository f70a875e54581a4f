import type { AppName, EnvName } from "../model/names.ts";
import type { Freeze, Pin, ReleaseRecord } from "../model/record.ts";

/** What the config repository says at one tip, for the apps and environments in question. */
export interface State {
  record(app: AppName, environment: EnvName): ReleaseRecord;
  pin(app: AppName, environment: EnvName): Pin | undefined;
  /** Freezes that name the environment, or `all`. */
  freezes(environment: EnvName): readonly Freeze[];
}
