import type { RequestId } from "../model/names.ts";
import type { Release } from "../model/record.ts";
import { quietLabel } from "../promote/release.ts";
import { quiet } from "../records/quiet.ts";
import { oneLine } from "../records/trailers.ts";

interface Told {
  app: string;
  environment: string;
  version: string;
  release: Pick<Release, "state" | "verification">;
}

/** What a release is now, in words. */
export const saysOf = ({ app, environment, version, release }: Told): string =>
  `${app} ${quietLabel(version)} in ${environment} is ${release.state === "committed" ? "not verified yet" : release.state}`;

/**
 * The message of the commit that writes down what became of releases. Its trailer tells policies that it is Glu's own; it
 * is no release.
 */
export function describeVerdicts(told: readonly Told[], request: RequestId): string {
  const [first] = told;
  const failed = told.filter(({ release }) => release.state === "failed").length;
  const subject =
    told.length === 1 && first !== undefined
      ? `Record that ${saysOf(first)}`
      : `Record what became of ${told.length} releases${failed === 0 ? "" : `, of which ${failed} failed`}`;
  const lines = told.map((one) => {
    const seen = one.release.verification?.seen;
    return `${saysOf(one)}${seen === undefined ? "" : `: ${quiet(oneLine(seen, "What was seen"))}`}`;
  });
  return `${subject}\n\n${lines.join("\n")}\n\nGlu-Request: ${request}\n`;
}
