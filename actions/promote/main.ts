import { promote } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(promote, async () => (await import("@glu/wiring/commands/promote")).runPromote);
