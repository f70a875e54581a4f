import { buildArtifact } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(buildArtifact, async () => (await import("@glu/wiring/commands/build-artifact")).runBuildArtifact);
