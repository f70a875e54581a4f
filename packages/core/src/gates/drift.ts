import { defineGate, met, unmet } from "./gate.ts";

/** Values changed by hand since the current release are not overwritten unless asked. */
export const drift = defineGate({
  name: "drift",
  neverOverridden: "overwrite passes it",
  options: undefined,
  outcome: "held",
  observes: "state",
  concerns: "place",
  bindsRollbacks: true,
  observe: (subject) => subject.drift,
  check: (found, _options, _now, { overwrite }) => {
    const [first] = found;
    if (first === undefined) return met("the files say what the record says");
    const more = found.length > 1 ? `, and ${found.length - 1} more` : "";
    const seen = first.found === undefined ? "is gone" : `is ${JSON.stringify(first.found)}`;
    const text = `${first.selector} in ${first.path} ${seen}, the record says ${JSON.stringify(first.recorded)}${more}`;
    if (overwrite) return met(`is overwritten: ${text}`);
    return unmet(text, { code: "drift/changed-by-hand", clearedBy: "overwrite: true, or undo the change" });
  },
});
