import type { Clock } from "@glu/core";
import { type ForgeResponse, messageOf } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { cannotWait, type NothingToWaitFor } from "./no-auto-merge.ts";

/** How often it is asked again while GitLab finds out whether a merge request can be merged, and the time between in ms. */
const [mostLooks, pause] = [6, 1000];

interface Access {
  ask(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<ForgeResponse>;
  refuse(response: ForgeResponse): Error;
  /** Of a merge request. */
  pathOf(number: number): string;
  clock: Clock;
  token: string;
  notice(text: string): void;
}

/**
 * States in which something that is required is not met yet
 * (https://docs.gitlab.com/api/merge_requests/#merge-status).
 */
const waits = new Set([
  "approvals_syncing",
  "blocked_status",
  "ci_must_pass",
  "ci_still_running",
  "discussions_not_resolved",
  "external_status_checks",
  "not_approved",
  "policies_denied",
  "requested_changes",
  "security_policy_violations",
  "status_checks_must_pass",
]);
const unsettled = new Set(["checking", "preparing", "unchecked"]);

const reasons: Readonly<Record<string, NothingToWaitFor>> = {
  draft_status: "draft",
  conflict: "conflict",
  broken_status: "conflict",
  need_rebase: "conflict",
  checking: "unknown",
  preparing: "unknown",
  unchecked: "unknown",
};

const setting =
  "Turn on 'Pipelines must succeed' in Settings > Merge requests of the project, or require approvals: then there is " +
  "something to wait for.";

/**
 * GitLab's auto-merge (https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request). It is switched on only while
 * something that is required is not met: GitLab would else merge at once.
 */
export function createGitlabAutoMerge({ ask, refuse, pathOf, clock, token, notice }: Access) {
  async function see(number: number) {
    const response = await ask("GET", pathOf(number));
    const { state, sha, detailed_merge_status, merge_when_pipeline_succeeds } = mappingOf(response.json);
    const known = textOf(state);
    if (response.status !== 200 || known === undefined) throw refuse(response);
    // Its name is of GitLab before 17.11; it says so of every auto-merge.
    const on = merge_when_pipeline_succeeds === true;
    // GitLab before 15.6 says no more than whether there are conflicts: that is not enough.
    return { state: known, head: textOf(sha), status: textOf(detailed_merge_status) ?? "unchecked", on };
  }

  async function seeSettled(number: number) {
    for (let looks = 1; ; looks++) {
      const seen = await see(number);
      if (!unsettled.has(seen.status) || seen.state !== "opened" || looks === mostLooks) return seen;
      await clock.sleep(pause);
    }
  }

  async function switchOff(number: number): Promise<boolean> {
    const seen = await see(number);
    if (seen.state !== "opened" || !seen.on) return true;
    const response = await ask("POST", `${pathOf(number)}/cancel_merge_when_pipeline_succeeds`);
    if (response.status >= 200 && response.status < 300) return true;
    const now = await see(number);
    if (now.state === "opened" && now.on) throw refuse(response);
    return true;
  }

  async function switchOn(number: number): Promise<boolean> {
    const seen = await seeSettled(number);
    if (seen.state !== "opened") return seen.state === "merged";
    if (seen.on) return true;
    if (!waits.has(seen.status)) {
      notice(cannotWait(number, reasons[seen.status], setting));
      return false;
    }
    const response = await ask("PUT", `${pathOf(number)}/merge`, {
      auto_merge: true,
      // The name of GitLab before 17.11, which passes over the new one: it would merge at once without this.
      merge_when_pipeline_succeeds: true,
      should_remove_source_branch: true,
      ...(seen.head === undefined ? {} : { sha: seen.head }),
    });
    if (response.status === 200) return true;
    if (response.status === 401) {
      // Of a token that is accepted: it was asked with before.
      notice(
        `#${number} is not merged by itself: whoever the token acts as may not merge. Allow it in Settings > Repository > ` +
          "Protected branches > Allowed to merge, or give a token with a higher role.",
      );
      return false;
    }
    if (![405, 406, 409, 422].includes(response.status)) throw refuse(response);
    // Refused since it stands so already, as after an answer that was lost, or since it cannot wait for this.
    const now = await see(number);
    if (now.on || now.state === "merged") return true;
    notice(`#${number} is not merged by itself. GitLab says: ${messageOf(response, token)}. ${setting}`);
    return false;
  }

  return (number: number, on: boolean): Promise<boolean> => (on ? switchOn(number) : switchOff(number));
}
