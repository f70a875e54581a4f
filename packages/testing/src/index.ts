export type {
  BuildOptions,
  HoldOptions,
  PromoteOptions,
  Run,
  ScriptedAnswer,
  ScriptedCommand,
  ScriptedOutside,
  ScriptedWorkflow,
  Simulation,
} from "@glu/simulation";
export { type SimulateOptions, simulate } from "./simulate.ts";
