import { unpin } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(unpin, async () => (await import("@glu/wiring/commands/holds")).runUnpin);
