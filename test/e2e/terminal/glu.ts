import { join } from "node:path";
import { execute, type Finished } from "../process.ts";
import { root, type Sandbox } from "../sandbox.ts";

/** Runs `glu` in a folder, as a person at a terminal does. The token is in the environment, where it belongs. */
export function glu(sandbox: Sandbox, cwd: string, ...args: string[]): Promise<Finished> {
  const env = { ...sandbox.environment, GLU_TOKEN: "personal-token" };
  return execute("node", [join(root, "dist/glu.js"), ...args], { cwd, env });
}
