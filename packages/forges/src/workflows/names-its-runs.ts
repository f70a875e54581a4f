/**
 * Whether `run-name` of a workflow's text holds the input `glu-key`, on its line or indented below. Not parsed: the
 * forge does that, and a text that is no workflow is refused by it.
 */
export function namesItsRuns(text: string): boolean {
  const value = /^["']?run-name["']?[ \t]*:(.*(?:\r?\n[ \t]+.*)*)/m.exec(text)?.[1];
  return value?.includes("glu-key") ?? false;
}
