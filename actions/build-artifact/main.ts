import { buildArtifact } from "@glu/inputs";
import { runAction, runBuildArtifact } from "@glu/wiring";

await runAction(buildArtifact, runBuildArtifact);
