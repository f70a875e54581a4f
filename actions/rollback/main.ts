import { rollback } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(rollback, async () => (await import("@glu/wiring/commands/rollback")).runRollback);
