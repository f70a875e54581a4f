export { type ConfigFiles, Evaluator, type EvaluatorOptions } from "./evaluator.ts";
export { assertNodeEvaluates } from "./node-version.ts";
