import type { CommandRunner, HttpClient, Outside } from "@glu/core";
import { approvalsOf, checksOf } from "./commit-outside.ts";
import { actorsOf, type ForgeAccess, workflowsOf } from "./forge-outside.ts";
import { once } from "./once.ts";

/**
 * What gates may look at and set going in this run. Each is loaded when a gate first asks for it.
 * @param functions those of a config that is a program
 */
export function createOutside(access: ForgeAccess, functions: Outside["functions"]): Outside {
  const { env, cwd, redact, mask } = access.surroundings;
  const load = () => import("@glu/outside");
  const client = once(async (): Promise<HttpClient> => (await load()).openHttpClient({ env }));
  const runner = once(async (): Promise<CommandRunner> => (await load()).openCommandRunner({ env, cwd, redact }));
  return {
    http: { ask: async (question, signal) => (await client()).ask(question, signal) },
    commands: { run: async (command, signal) => (await runner()).run(command, signal) },
    workflows: workflowsOf(access),
    actors: actorsOf(access),
    checks: checksOf(access),
    approvals: approvalsOf(access),
    functions,
    redact,
    secret(name) {
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value === undefined || value === "") return undefined;
      mask(value);
      return value;
    },
  };
}
