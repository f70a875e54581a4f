import { freeze } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(freeze, async () => (await import("@glu/wiring/commands/holds")).runFreeze);
