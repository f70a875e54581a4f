import { promote } from "@glu/inputs";
import { runAction, runPromote } from "@glu/wiring";

await runAction(promote, runPromote);
