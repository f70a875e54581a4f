import { buildArtifact, promote } from "@glu/inputs";
import { runBuildArtifact, runPromote, runRootAction } from "@glu/wiring";

await runRootAction([
  { command: buildArtifact, run: runBuildArtifact },
  { command: promote, run: runPromote },
]);
