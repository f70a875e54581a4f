import { previewUp } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(previewUp, async () => (await import("@glu/wiring/commands/preview")).runPreviewUp);
