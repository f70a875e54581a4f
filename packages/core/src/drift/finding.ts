import type { DriftFinding } from "./options.ts";

/** The stable code of a finding. */
export function findingCode(finding: DriftFinding): string {
  if (finding.past.length > 0) return "drift/violation";
  if (finding.kind === "value") return "drift/changed-by-hand";
  if (finding.kind === "unreadable") return "record/malformed";
  return finding.change === "restored" ? "drift/record-restored" : "drift/edited-by-hand";
}

/** Whether a finding fails the check. To go back to an earlier release by a revert is allowed where nothing holds. */
export const isFailure = (finding: DriftFinding): boolean => findingCode(finding) !== "drift/record-restored";

const shown = (value: string): string => JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);

/** What was found, one sentence without a full stop. */
export function describeFinding(finding: DriftFinding): string {
  if (finding.kind === "unreadable") return finding.why.replace(/\.$/, "");
  if (finding.kind === "value") {
    const { selector, recorded, found, fileGone } = finding;
    const missing = fileGone ? "is gone with its file" : "is not there, or the file cannot be read";
    return `${selector} ${found === undefined ? missing : `is ${shown(found)}`}, the record says ${shown(recorded)}`;
  }
  const { document, change } = finding;
  if (change === "restored") return "the record stands as it stood before, as after a revert";
  const isProposed = finding.past.some(({ kind }) => kind === "status");
  if (isProposed) return `the ${document} was ${change} by a proposal that was not to be merged`;
  return `the ${document} was ${change} by a commit without its request`;
}

/** What the change was made past: "past the pin of ada: incident 42". */
export function describePast({ past }: DriftFinding): string {
  const told = past.map((held) => {
    const { kind, hold } = held;
    if (kind === "status") return `past the status ${hold.context}, which was ${hold.state}: ${hold.reason}`;
    if (kind !== "scheduled") return `past the ${kind} of ${hold.actor.name}: ${hold.reason}`;
    return `past the freeze of ${hold.place} in the config${hold.reason === undefined ? "" : `: ${hold.reason}`}`;
  });
  return told.join("; ");
}
