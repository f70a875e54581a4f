import { UserError } from "@glu/core";
import type { SimulatedEvent } from "../events/grammar.ts";
import type { Simulation } from "../simulation.ts";

/** Makes one event happen, at the time that it is. */
export async function playEvent({ kind, options }: SimulatedEvent, simulation: Simulation): Promise<void> {
  const { outside } = simulation;
  switch (kind) {
    case "build":
      await simulation.build(options);
      return;
    case "attach":
      await simulation.attach(options);
      return;
    case "promote":
      await simulation.promote(options);
      return;
    case "rollback":
      await simulation.rollback(options);
      return;
    case "pin":
      await simulation.pin(options.app, options.environment, options);
      return;
    case "unpin":
      await simulation.unpin(options.app, options.environment, options);
      return;
    case "freeze":
      await simulation.freeze(options.environment, options);
      return;
    case "unfreeze":
      await simulation.unfreeze(options.environment, options);
      return;
    case "merge":
      return simulation.merge(options.app, options.environment);
    case "close":
      return simulation.close(options.app, options.environment);
    case "edit":
      await simulation.edit(options.path, (text) => replaced(text, options));
      return;
    case "answer": {
      const { url, down, status, headers, body } = options;
      const given = {
        ...(status === undefined ? {} : { status }),
        ...(headers === undefined ? {} : { headers }),
        body,
      };
      return outside.answer(url, down === true ? "down" : given);
    }
    case "command": {
      const { program, code = 0, output = "" } = options;
      return outside.command(program, { code, output });
    }
    case "workflow":
      return outside.workflow(options.file, options.state);
    case "check":
      return outside.check(options.name, options.state, options.on);
    case "approve": {
      const { user, environment, rejected = false } = options;
      return outside.approve(user, { ...(environment === undefined ? {} : { environment }), rejected });
    }
    case "authors":
      return outside.authors(...options.users);
    case "team":
      return outside.team(options.name, options.members);
    case "variable":
      return outside.variable(options.name, options.value);
    case "reconcile":
      // The run that follows every event is it.
      return;
  }
}

function replaced(text: string, { path, replace, with: by }: { path: string; replace: string; with: string }): string {
  const at = text.indexOf(replace);
  if (at >= 0) return `${text.slice(0, at)}${by}${text.slice(at + replace.length)}`;
  throw new UserError("simulation/no-text", `${JSON.stringify(replace)} does not stand in ${path} at that time.`, {
    seen: replace,
    fix: "Write the text as the file has it then.",
  });
}
