import { previewDown } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(previewDown, async () => (await import("@glu/wiring/commands/preview")).runPreviewDown);
