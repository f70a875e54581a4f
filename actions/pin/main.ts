import { pin } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(pin, async () => (await import("@glu/wiring/commands/holds")).runPin);
