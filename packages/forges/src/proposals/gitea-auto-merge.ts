import type { GiteaIdentity } from "../actors/gitea-identity.ts";
import { encodePath, type ForgeResponse, messageOf } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { cannotWait } from "./no-auto-merge.ts";

/** How often it is asked again while Gitea finds out whether a pull request can be merged, and the time between in ms. */
const [mostLooks, pause] = [10, 500];

interface Access {
  ask(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<ForgeResponse>;
  refuse(response: ForgeResponse): Error;
  /** Of the repository. */
  base: string;
  clock: { sleep(ms: number): Promise<void> };
  token: string;
  notice(text: string): void;
  /** Who asks for it. */
  identity(): Promise<GiteaIdentity>;
}

/**
 * Auto-merge of Gitea and Forgejo (`POST /pulls/{index}/merge` with `merge_when_checks_succeed`). It is switched on only
 * where the branch requires statuses or approvals: Gitea would else merge at once. Nothing tells whether it is on;
 * asking for it twice is a 409 that says so, and ending it twice 404.
 */
export function createGiteaAutoMerge({ ask, refuse, base, clock, token, notice, identity }: Access) {
  async function see(number: number) {
    const response = await ask("GET", `${base}/pulls/${number}`);
    const pull = mappingOf(response.json);
    const state = textOf(pull.state);
    if (response.status !== 200 || state === undefined) throw refuse(response);
    const into = textOf(mappingOf(pull.base).ref) ?? "";
    const [head, draft] = [textOf(mappingOf(pull.head).sha), pull.draft === true];
    return { state, merged: pull.merged === true, draft, mergeable: pull.mergeable === true, into, head };
  }

  /** Whether a branch has a rule that something must be met. */
  async function requires(branch: string): Promise<boolean> {
    const response = await ask("GET", `${base}/branches/${encodePath(branch)}`);
    const { name, enable_status_check, status_check_contexts, required_approvals } = mappingOf(response.json);
    // Half an answer does not say that nothing is required.
    if (response.status !== 200 || textOf(name) === undefined) throw refuse(response);
    // Without names of statuses there are none to wait for until the first is there.
    const named = Array.isArray(status_check_contexts) && status_check_contexts.length > 0;
    return (
      (enable_status_check === true && named) || (typeof required_approvals === "number" && required_approvals > 0)
    );
  }

  async function style(): Promise<string> {
    const response = await ask("GET", base);
    const { full_name: name, default_merge_style: style } = mappingOf(response.json);
    if (response.status !== 200 || textOf(name) === undefined) throw refuse(response);
    return textOf(style) ?? "merge";
  }

  async function switchOff(number: number): Promise<boolean> {
    const response = await ask("DELETE", `${base}/pulls/${number}/merge`);
    if (response.status === 204) return true;
    // 404: there is none, or no such pull request.
    if (response.status !== 404) throw refuse(response);
    await see(number);
    return true;
  }

  async function switchOn(number: number): Promise<boolean> {
    const seen = await see(number);
    if (seen.state !== "open") return seen.merged;
    const setting =
      `Let the protection of ${seen.into} (Settings > Branches) require approvals, or a status check such as ` +
      "glu/<environment>.";
    if (seen.draft || !(await requires(seen.into))) {
      notice(cannotWait(number, seen.draft ? "draft" : undefined, setting));
      return false;
    }
    // Gitea merges as whoever asked for it, and does not find the user of a job's token then.
    if ((await identity()).id < 0) {
      notice(
        `#${number} is not merged by itself: Gitea cannot do it for the job's own token. Give the token of a user as GLU_TOKEN.`,
      );
      return false;
    }
    const wanted = {
      Do: await style(),
      merge_when_checks_succeed: true,
      delete_branch_after_merge: true,
      ...(seen.head === undefined ? {} : { head_commit_id: seen.head }),
    };
    let refused: ForgeResponse | undefined;
    for (let tries = 1; tries <= mostLooks; tries++) {
      const response = await ask("POST", `${base}/pulls/${number}/merge`, wanted);
      if ([200, 201].includes(response.status)) return true;
      if (![405, 409].includes(response.status)) throw refuse(response);
      // 409 is also said of what conflicts, and of another head.
      if (response.status === 409 && /already scheduled/i.test(messageOf(response, token))) return true;
      refused = response;
      const now = await see(number);
      if (now.state !== "open") return now.merged;
      // Until it has looked whether it can be merged, Gitea refuses with 405 as well.
      if (!/try again/i.test(messageOf(response, token))) break;
      await clock.sleep(pause);
    }
    const said = refused === undefined ? "" : messageOf(refused, token);
    notice(`#${number} is not merged by itself. Gitea says: ${said}.`);
    return false;
  }

  return (number: number, on: boolean): Promise<boolean> => (on ? switchOn(number) : switchOff(number));
}
