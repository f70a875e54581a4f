import type { Command } from "../schema/command.ts";
import { adopt } from "./adopting.ts";
import { artifactImport } from "./artifact-import.ts";
import { artifactAdd, artifactList, artifactShow } from "./artifact-reading.ts";
import { buildArtifact } from "./build-artifact.ts";
import { discover } from "./discover.ts";
import { drift } from "./drift.ts";
import { freeze, pin, unfreeze, unpin } from "./holding.ts";
import { previewExtend, previewList, previewSweep } from "./keeping-previews.ts";
import { diff, history } from "./looking-back.ts";
import { previewDown, previewUp } from "./previewing.ts";
import { promote } from "./promote.ts";
import { configPrint, configTypes, demo, doctor, explain, graph, plan, status, validate, version } from "./reading.ts";
import { reconcile } from "./reconcile.ts";
import { remove } from "./removing.ts";
import { rollback } from "./rollback.ts";
import { simulate } from "./simulate.ts";

/** Commands that are also an action and a GitLab component. */
export const actionCommands = [
  buildArtifact,
  promote,
  rollback,
  pin,
  unpin,
  freeze,
  unfreeze,
  drift,
  previewUp,
  previewDown,
] as const;

/** Every command, in the order help and documentation show them. */
export const commands: readonly Command[] = [
  demo,
  validate,
  configPrint,
  configTypes,
  buildArtifact,
  artifactAdd,
  artifactImport,
  artifactShow,
  artifactList,
  discover,
  plan,
  simulate,
  promote,
  rollback,
  reconcile,
  explain,
  graph,
  status,
  history,
  diff,
  adopt,
  drift,
  pin,
  unpin,
  freeze,
  unfreeze,
  remove,
  previewUp,
  previewDown,
  previewList,
  previewExtend,
  previewSweep,
  doctor,
  version,
];

/** The command with these words on the command line (`artifact create`) or this name (`build-artifact`). */
export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.cli === name || command.name === name);
}
