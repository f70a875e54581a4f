import { type DiagnosisQuestion, type Finding, ok, unseen } from "./finding.ts";

/** What a forge demands of a branch, whichever forge it is. */
export interface BranchRules {
  /** What a push by Git is refused for, in words: `a pull request`. */
  refusesPush: readonly string[];
  /** Whether this token may push all the same. */
  bypass: "yes" | "no" | "unseen";
  /** Who may, where that is told. */
  bypassActors?: readonly string[];
  /** Names of statuses and checks before a merge; `all`: whichever there are; undefined: not seen. */
  requiredChecks: readonly string[] | "all" | undefined;
  /** Approvals before a merge. */
  reviews: number;
  signatures: boolean;
  mergeQueue: boolean;
  /** What could not be seen of it: nothing follows from its absence. */
  hidden: readonly string[];
}

/** How each forge puts right what is wrong. */
export interface RuleFixes {
  /** Lets the token push. */
  bypass: string;
  /** Makes a status a condition of a merge. */
  requireStatus(name: string): string;
  /** Lets what is hidden be seen. */
  see: string;
  signatures: string;
}

/** What the rules of the config branch mean for Glu. */
export function judgeBranch(rules: BranchRules, question: DiagnosisQuestion, fixes: RuleFixes): Finding[] {
  const { direct, proposing } = question;
  return [
    ...(direct.length === 0 ? [] : judgePush(rules, question, fixes)),
    ...proposing.map((environment) => judgeStatus(rules, environment, fixes)),
    ...judgeMerge(rules, question, fixes),
  ];
}

function judgePush(rules: BranchRules, { branch, direct }: DiagnosisQuestion, fixes: RuleFixes): Finding[] {
  const check = `push to ${branch}`;
  const { refusesPush, bypass, hidden } = rules;
  const wants = `it needs ${refusesPush.join(", ")}`;
  const propose = `Write 'propose: true' for ${direct.join(", ")}, or: ${fixes.bypass}`;
  if (refusesPush.length === 0) {
    return [hidden.length === 0 ? ok(check, "no rule forbids it") : unseen(check, hidden.join(", "), fixes.see)];
  }
  if (bypass === "yes") return [ok(check, `${wants}; this token may bypass that`)];
  if (bypass === "no") {
    return [{ check, state: "error", seen: `${wants}; this token may not bypass that`, fix: propose }];
  }
  return [
    {
      check,
      state: "warning",
      seen: `${wants}; whether this token may bypass that cannot be seen with it`,
      fix: propose,
    },
  ];
}

function judgeStatus({ requiredChecks, hidden }: BranchRules, environment: string, fixes: RuleFixes): Finding {
  const name = `glu/${environment}`;
  const check = `status ${name}`;
  if (requiredChecks === undefined) return unseen(check, hidden.join(", "), fixes.see);
  if (requiredChecks === "all" || requiredChecks.includes(name)) return ok(check, "a merge needs it");
  const seen = "a merge does not need it: what a freeze or a pin holds can be merged";
  // What is hidden may demand it.
  if (hidden.length > 0) return unseen(check, hidden.join(", "), fixes.see);
  return { check, state: "warning", seen, fix: fixes.requireStatus(name) };
}

function judgeMerge(rules: BranchRules, { direct, proposing }: DiagnosisQuestion, fixes: RuleFixes): Finding[] {
  const { reviews, signatures, mergeQueue, bypass, bypassActors, requiredChecks } = rules;
  const found: Finding[] = [];
  const named = Array.isArray(requiredChecks) ? (requiredChecks as readonly string[]) : [];
  if (named.length > 0) {
    const others = named.filter(
      (name) => !direct.concat(proposing).some((environment) => name === `glu/${environment}`),
    );
    const seen = `${named.join(", ")} before a merge`;
    const never = direct.length > 0 && bypass !== "yes" && others.length > 0;
    found.push(
      never
        ? {
            check: "required checks",
            state: bypass === "no" ? "error" : "warning",
            seen: `${seen}: a commit that is pushed by Glu can have none of them before`,
            fix: `Write 'propose: true' for ${direct.join(", ")}: the checks run on the proposal.`,
          }
        : ok("required checks", seen),
    );
  }
  if (reviews > 0) found.push(ok("reviews", `${reviews} before a merge`));
  if (signatures) {
    found.push(
      bypass === "yes"
        ? ok("signatures", "commits must be signed; this token may bypass that")
        : { check: "signatures", state: "warning", seen: "commits must be signed", fix: fixes.signatures },
    );
  }
  if (mergeQueue) {
    const fix = "Let the workflow that runs Glu run on 'merge_group', too, so that its status is there.";
    found.push({
      check: "merge queue",
      state: proposing.length > 0 ? "warning" : "ok",
      seen: "merges go through one",
      fix,
    });
  }
  if (bypassActors !== undefined) {
    found.push(ok("bypass actors", bypassActors.length === 0 ? "there are none" : bypassActors.join(", ")));
  }
  return found;
}
