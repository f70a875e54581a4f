import { unfreeze } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(unfreeze, async () => (await import("@glu/wiring/commands/holds")).runUnfreeze);
