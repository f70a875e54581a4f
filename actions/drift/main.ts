import { drift } from "@glu/inputs";
import { runAction } from "@glu/wiring";

await runAction(drift, async () => (await import("@glu/wiring/commands/drift")).runDrift);
