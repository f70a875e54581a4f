import { encodePath, type ForgeResponse } from "../http.ts";
import { listOf, mappingOf, textOf } from "../json.ts";
import type { BranchRules } from "./branch-rules.ts";
import { type Look, why } from "./look.ts";

/** Rules that a push of one commit does not break. */
const harmless = new Set(["creation", "deletion", "non_fast_forward", "required_linear_history"]);

/** How a rule is called in a sentence. */
const named: Readonly<Record<string, string>> = {
  pull_request: "a pull request",
  required_status_checks: "checks",
  required_deployments: "deployments",
  required_signatures: "a signature",
  merge_queue: "the merge queue",
  update: "to be on the bypass list",
};

/**
 * What GitHub demands of a branch: rulesets, which everybody may read, and the classic protection, of which only an
 * administrator sees more than its checks (https://docs.github.com/en/rest/repos/rules, /branches/branch-protection).
 */
export async function githubRules(look: Look, repository: string, branch: string): Promise<BranchRules> {
  const base = `/repos/${encodePath(repository)}`;
  const [rules, details] = await Promise.all([
    look.get(`${base}/rules/branches/${encodePath(branch)}?per_page=100`),
    look.get(`${base}/branches/${encodePath(branch)}`),
  ]);
  const active = rules.status === 200 ? listOf(rules.json) : undefined;
  const isTold = details.status === 200 && typeof mappingOf(details.json).protected === "boolean";
  const isClassic = details.status === 200 && mappingOf(mappingOf(details.json).protection).enabled === true;
  const protection = isClassic ? await look.get(`${base}/branches/${encodePath(branch)}/protection`) : undefined;
  const sets = await bypassOf(look, base, active ?? []);
  const hidden = [
    ...(active === undefined ? [`rulesets: ${why(rules)}`] : []),
    ...(isTold ? [] : [`branch: ${why(details)}`]),
    ...(protection !== undefined && protection.status !== 200 ? [`branch protection: ${why(protection)}`] : []),
  ];
  const classic = classicRules(details, protection);
  const types = (active ?? []).map(({ type }) => textOf(type) ?? "");
  const parameters = (type: string) =>
    (active ?? []).filter((rule) => rule.type === type).map((rule) => mappingOf(rule.parameters));
  const required = parameters("required_status_checks").flatMap((one) => listOf(one.required_status_checks) ?? []);
  const refused = types.filter((type) => !harmless.has(type)).map((type) => named[type] ?? `the rule '${type}'`);
  const checks = [...required.map(({ context }) => textOf(context) ?? ""), ...classic.checks];
  return {
    refusesPush: [...new Set([...refused, ...classic.refused])],
    bypass:
      refused.length > 0 && classic.refused.length > 0
        ? worse(sets.bypass, classic.bypass)
        : refused.length > 0
          ? sets.bypass
          : classic.bypass,
    ...(sets.actors === undefined ? {} : { bypassActors: sets.actors }),
    requiredChecks: active === undefined ? undefined : [...new Set(checks)],
    reviews: Math.max(
      0,
      classic.reviews,
      ...parameters("pull_request").map((one) => Number(one.required_approving_review_count ?? 0)),
    ),
    signatures: types.includes("required_signatures") || classic.signatures,
    mergeQueue: types.includes("merge_queue"),
    hidden,
  };
}

type Bypass = BranchRules["bypass"];

const worse = (one: Bypass, other: Bypass): Bypass =>
  one === "no" || other === "no" ? "no" : one === "unseen" || other === "unseen" ? "unseen" : "yes";

/** Whether this token may bypass all rulesets that forbid something, and who else may where that is told. */
async function bypassOf(look: Look, base: string, rules: readonly Readonly<Record<string, unknown>>[]) {
  const ids = new Set(rules.filter(({ type }) => !harmless.has(String(type))).map(({ ruleset_id }) => ruleset_id));
  const sets = await Promise.all([...ids].map((id) => look.get(`${base}/rulesets/${id}`)));
  const answers = sets.map((set): Bypass => {
    const may = set.status === 200 ? mappingOf(set.json).current_user_can_bypass : undefined;
    return may === undefined ? "unseen" : may === "always" || may === "exempt" ? "yes" : "no";
  });
  const lists = sets.map((set) => (set.status === 200 ? listOf(mappingOf(set.json).bypass_actors) : undefined));
  const told = lists.length > 0 && lists.every((list) => list !== undefined);
  const actors = told ? lists.flatMap((list) => (list ?? []).map(actorText)) : undefined;
  return { bypass: answers.reduce(worse, "yes" as Bypass), actors };
}

function actorText({ actor_type, actor_id, bypass_mode }: Readonly<Record<string, unknown>>): string {
  const id = typeof actor_id === "number" ? ` ${actor_id}` : "";
  return `${actor_type}${id}${bypass_mode === "pull_request" ? " (pull requests only)" : ""}`;
}

/** @param protection undefined where there is no classic one */
function classicRules(details: ForgeResponse, protection: ForgeResponse | undefined) {
  const summary = mappingOf(mappingOf(details.json).protection);
  const inSummary = mappingOf(summary.required_status_checks);
  // Without a name for who must keep to them there are none.
  const listed =
    inSummary.enforcement_level === "off" ? [] : Array.isArray(inSummary.contexts) ? inSummary.contexts : [];
  const whole = mappingOf(protection?.status === 200 ? protection.json : undefined);
  const reviews = whole.required_pull_request_reviews;
  const refused = [
    ...(listed.length > 0 ? ["checks"] : []),
    ...(reviews === undefined ? [] : ["a pull request"]),
    ...(whole.restrictions === undefined ? [] : ["to be among those who may push"]),
    ...(mappingOf(whole.lock_branch).enabled === true ? ["the branch to be unlocked"] : []),
  ];
  return {
    checks: protection === undefined ? [] : listed.map(String),
    refused: protection === undefined ? [] : refused,
    reviews: Number(mappingOf(reviews).required_approving_review_count ?? 0),
    signatures: mappingOf(whole.required_signatures).enabled === true,
    // Only whoever administers may, and a token is not told whether it does.
    bypass: (mappingOf(whole.enforce_admins).enabled === true ? "no" : "unseen") as Bypass,
  };
}
