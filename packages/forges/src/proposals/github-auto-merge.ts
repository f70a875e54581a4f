import { askGraphql, asOfRest } from "../ask-graphql.ts";
import type { AskingWithToken } from "../asking.ts";
import { type ForgeResponse, messageOf } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { cannotWait } from "./no-auto-merge.ts";

/** How often it is asked again while GitHub finds out whether a pull request can be merged, and the time between in ms. */
const [mostLooks, pause] = [6, 1000];

const look = `query AutoMerge($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    autoMergeAllowed mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed viewerDefaultMergeMethod
    pullRequest(number: $number) {
      id state isDraft baseRefName headRefOid mergeStateStatus isInMergeQueue autoMergeRequest { enabledAt }
    }
  }
}`;
const enable = `mutation EnableAutoMerge($id: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $id, expectedHeadOid: $head, mergeMethod: $method }) {
    pullRequest { id }
  }
}`;
const disable = `mutation DisableAutoMerge($id: ID!) {
  disablePullRequestAutoMerge(input: { pullRequestId: $id }) { pullRequest { id } }
}`;
const dequeue = `mutation Dequeue($id: ID!) { dequeuePullRequest(input: { id: $id }) { mergeQueueEntry { id } } }`;

/** States in which something that is required is not met yet (https://docs.github.com/en/graphql/reference/enums#mergestatestatus). */
const waits = new Set(["BLOCKED", "BEHIND"]);

interface Seen {
  allowed: boolean;
  /** The merge methods that the repository allows, the default first. */
  methods: readonly string[];
  id: string;
  state: string;
  draft: boolean;
  base: string;
  head: string;
  mergeState: string;
  queued: boolean;
  enabled: boolean;
}

/**
 * GitHub's auto-merge. It is switched on only while something that is required is not met: with a merge queue GitHub
 * would else queue the pull request at once, and without one refuse.
 * @param refuse the error for an answer that is none
 */
export function createGithubAutoMerge(asking: AskingWithToken, refuse: (response: ForgeResponse) => Error) {
  const { repository, clock, token } = asking;
  const [owner, name] = repository.split("/");
  const notice = (text: string) => asking.notice?.(text);

  async function see(number: number): Promise<Seen> {
    const answer = await askGraphql(asking, look, { owner, name, number });
    const seen = seenOf(mappingOf(answer.data.repository));
    if (seen === undefined) throw refuse(asOfRest(answer));
    return seen;
  }

  /** GitHub looks whether a pull request can be merged when it is first asked. */
  async function seeSettled(number: number): Promise<Seen> {
    for (let looks = 1; ; looks++) {
      const seen = await see(number);
      if (seen.mergeState !== "UNKNOWN" || seen.state !== "OPEN" || looks === mostLooks) return seen;
      await clock.sleep(pause);
    }
  }

  /** The answer that says why not. */
  async function change(query: string, variables: Readonly<Record<string, string>>) {
    const answer = await askGraphql(asking, query, variables);
    const refused = asOfRest(answer);
    // 422 is of the pull request; all else is of the token and of GitHub.
    if (refused.status === 422) return refused;
    if (answer.errors.length > 0 || refused.status !== 200 || Object.keys(answer.data).length === 0) {
      throw refuse(refused);
    }
    return undefined;
  }

  async function switchOff(number: number): Promise<boolean> {
    const seen = await see(number);
    if (seen.state !== "OPEN" || (!seen.enabled && !seen.queued)) return true;
    const refused = await change(seen.queued ? dequeue : disable, { id: seen.id });
    if (refused === undefined) return true;
    const now = await see(number);
    if (now.state === "OPEN" && (now.enabled || now.queued)) throw refuse(refused);
    return true;
  }

  async function switchOn(number: number): Promise<boolean> {
    const seen = await seeSettled(number);
    if (seen.state !== "OPEN") return seen.state === "MERGED";
    if (seen.enabled || seen.queued) return true;
    if (!seen.allowed) {
      notice(
        `#${number} is not merged by itself: turn on 'Allow auto-merge' in Settings > General > Pull Requests of ${repository}.`,
      );
      return false;
    }
    if (!waits.has(seen.mergeState) || seen.draft) {
      notice(cannotWait(number, seen.draft ? "draft" : reasons[seen.mergeState], rules(seen.base)));
      return false;
    }
    let refused: ForgeResponse | undefined;
    // A rule may allow fewer methods than the repository does.
    for (const method of seen.methods) {
      refused = await change(enable, { id: seen.id, head: seen.head, method });
      if (refused === undefined) return true;
    }
    // Refused since it stands so already, as after an answer that was lost, or since it was met meanwhile.
    const now = await see(number);
    if (now.enabled || now.queued || now.state === "MERGED") return true;
    const said = refused === undefined ? "no merge method is allowed" : messageOf(refused, token);
    notice(`#${number} is not merged by itself. GitHub says: ${said}. ${rules(seen.base)}`);
    return false;
  }

  return (number: number, on: boolean): Promise<boolean> => (on ? switchOn(number) : switchOff(number));
}

const reasons: Readonly<Record<string, "conflict" | "unknown" | undefined>> = { DIRTY: "conflict", UNKNOWN: "unknown" };

const rules = (base: string): string =>
  `Let a branch rule for ${base} require a status check, such as glu/<environment> (Settings > Rules > Rulesets).`;

function seenOf(repository: Readonly<Record<string, unknown>>): Seen | undefined {
  const pull = mappingOf(repository.pullRequest);
  const [id, state, head, mergeState] = [pull.id, pull.state, pull.headRefOid, pull.mergeStateStatus].map(textOf);
  if (id === undefined || state === undefined || head === undefined || mergeState === undefined) return undefined;
  const methods = [
    ...(repository.squashMergeAllowed === true ? ["SQUASH"] : []),
    ...(repository.mergeCommitAllowed === true ? ["MERGE"] : []),
    ...(repository.rebaseMergeAllowed === true ? ["REBASE"] : []),
  ];
  const first = textOf(repository.viewerDefaultMergeMethod) ?? "";
  return {
    allowed: repository.autoMergeAllowed === true,
    methods: methods.sort((a, b) => Number(b === first) - Number(a === first)),
    id,
    state,
    draft: pull.isDraft === true,
    base: textOf(pull.baseRefName) ?? "",
    head,
    mergeState,
    queued: pull.isInMergeQueue === true,
    enabled: pull.autoMergeRequest !== null && pull.autoMergeRequest !== undefined,
  };
}
