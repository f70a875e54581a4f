export { type ConfigFiles, Evaluator, type EvaluatorOptions } from "./evaluator.ts";
export { assertNodeEvaluates, evaluates } from "./node-version.ts";
