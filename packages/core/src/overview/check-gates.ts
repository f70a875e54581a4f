import { UserError } from "../errors.ts";
import type { AnyGate } from "../gates/gate.ts";
import type { Pipeline } from "../model/pipeline.ts";

/**
 * Looks into the options of every gate for what reading the config does not tell, without asking anybody.
 * @throws UserError `config/gate`, for the first that is wrong
 */
export async function checkGates(pipeline: Pipeline, gates: readonly AnyGate[]): Promise<void> {
  for (const environment of pipeline.environments.values()) {
    for (const [index, { name, options }] of environment.gates.entries()) {
      const fault = await gates.find((gate) => gate.name === name)?.faultIn?.(options);
      if (fault === undefined) continue;
      const place = `environments.${environment.name}.gates[${index}].${name}`;
      throw new UserError("config/gate", `${place}: ${fault}.`, {
        at: { file: pipeline.file },
        fix: "Correct it: such a gate would hold everything.",
      });
    }
  }
}
