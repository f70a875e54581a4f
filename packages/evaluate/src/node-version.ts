import { UserError } from "@glu/core";

/** The first versions of each line whose `node` strips types and has the permission model under its name of today. */
const first: Readonly<Record<number, number>> = { 22: 18, 23: 6 };

/** Whether a Node of this version (`24.1.0`) can evaluate a config. */
export function evaluates(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major >= 24 || minor >= (first[major] ?? Number.POSITIVE_INFINITY);
}

/** @throws UserError `config/node-too-old` */
export function assertNodeEvaluates(file: string, version: string): void {
  if (evaluates(version)) return;
  throw new UserError("config/node-too-old", `${file} needs Node 22.18 or newer, and this is Node ${version}.`, {
    seen: version,
    at: { file },
    fix: "Run Glu with Node 24, as its actions do; or write the pipeline as glu.yaml: `glu config print` there makes one.",
  });
}
