// What runs a command. The commands themselves are each imported by themselves, as `@glu/wiring/commands/<name>`, so that
// one costs its own code only.
export * from "./outcome.ts";
export { outputFormatOf } from "./shells/output-format.ts";
export * from "./shells/run.ts";
export * from "./shells/run-action.ts";
export * from "./shells/run-command.ts";
export * from "./surroundings.ts";
export * from "./version.ts";
