import {
  type DriftFinding,
  type DriftResult,
  describeFinding,
  describePast,
  drift,
  findingCode,
  isFailure,
  shortRef,
} from "@glu/core";
import { editors } from "@glu/editors";
import type { Annotation } from "@glu/hosts";
import { type Cell, count, type Links } from "@glu/report";
import { linksOf } from "../links.ts";
import { type Outcome, page } from "../outcome.ts";
import { createProposing } from "../proposing.ts";
import type { ConfigConnection } from "../repositories/connect.ts";
import { repositoryNameOf } from "../repositories/locate.ts";
import type { Token } from "../repositories/token.ts";
import { createMarking } from "../statuses.ts";
import type { Surroundings } from "../surroundings.ts";
import type { DriftInputs } from "./drift.ts";

/** The check itself: inputs → use case → what there is to say. */
export async function lookForDrift(
  inputs: DriftInputs,
  connection: ConfigConnection,
  token: Token,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { clock, logger } = surroundings;
  const since = inputs.since ?? pushedSince(inputs, connection, surroundings);
  const request = {
    apps: inputs.app,
    environments: inputs.environment,
    since,
    sinceIsAsked: inputs.since !== undefined,
  };
  const access = { surroundings, token, location: connection.repository.location };
  const forge = { proposing: createProposing(access), statuses: createMarking(access) };
  const result = await drift(request, { ...connection, ...forge, editors, clock, logger });
  return outcomeOf(result, inputs, since, connection, surroundings);
}

/** Where a push to the config branch began; undefined when this run is of anything else. */
function pushedSince(
  { ref }: DriftInputs,
  { repository }: ConfigConnection,
  { context }: Surroundings,
): string | undefined {
  const { branch, defaultBranch = branch } = context.run;
  const name = repositoryNameOf(repository.location, context.serverUrl);
  const isHere = name?.toLowerCase() === context.repository.toLowerCase();
  return isHere && branch === (ref === undefined ? defaultBranch : shortRef(ref)) ? context.before : undefined;
}

function outcomeOf(
  result: DriftResult,
  { onDrift }: DriftInputs,
  since: string | undefined,
  { repository }: ConfigConnection,
  surroundings: Surroundings,
): Outcome {
  const links = linksOf(repository.location, surroundings);
  const { findings, looked, unread } = result;
  const fails = findings.some(isFailure);
  const [firstUnread] = unread;
  const data = {
    repository: repository.location,
    branch: repository.branch,
    since: looked.commits === undefined ? null : (since ?? null),
    commits: looked.commits ?? null,
    places: looked.places,
    unrecorded: looked.unrecorded,
    findings: findings.map((finding) => findingJson(finding, links)),
    unread: unread.map(({ app, environment, error: { code, message } }) => ({ app, environment, code, message })),
    notices: result.notices,
  };
  const shown = page(
    {
      schema: "glu.drift.v1",
      result: result.result,
      tone: fails ? (onDrift === "fail" ? "error" : "warning") : "ok",
      headline: headlineOf(result),
      columns: findings.length === 0 ? [] : ["Where", "What", "Place", "Changed by", "Commit", "Past", "Code"],
      rows: findings.map((finding) => rowOf(finding, links)),
      data,
    },
    fails && onDrift === "fail" ? 3 : (firstUnread?.error.exitCode ?? 0),
  );
  const notices = [
    ...result.notices,
    ...unread.map(({ app, environment, error }) => `${app} in ${environment} was not looked at: ${error.message}`),
    ...(looked.unrecorded === 0
      ? []
      : [
          `${count(looked.unrecorded, "place")} without a record cannot drift; 'glu adopt' makes records of what runs.`,
        ]),
  ];
  return {
    ...shown,
    notices,
    outputs: {
      result: result.result,
      drift: JSON.stringify({ schema: "glu.drift.v1", result: result.result, ...data }),
    },
    annotations: annotationsOf(findings, links, onDrift === "fail" ? "error" : "warning"),
  };
}

function headlineOf({ result, findings, looked }: DriftResult): string {
  const { commits, places, unrecorded } = looked;
  const compared = places - unrecorded;
  if (result === "clean" && commits === undefined && compared === 0)
    return "Nothing to compare: no place has a record yet";
  const touch = commits === 1 ? "touches" : "touch";
  const where =
    commits === undefined
      ? `in ${count(compared, "place")}`
      : `by ${count(commits, "commit")}, which ${touch} ${count(places, "place")}`;
  if (result === "clean") return `Nothing was changed past Glu ${where}`;
  const found = `${count(findings.filter(isFailure).length, "thing")} changed past Glu ${where}`;
  const past = findings.filter((finding) => finding.past.length > 0).length;
  return result === "violation" ? `${found}; ${past} past a pin, a freeze or a status` : found;
}

const placeOf = ({ app, environment }: DriftFinding): string =>
  app === undefined ? (environment ?? "everything") : `${app} → ${environment}`;

const fileOf = ({ path, line }: DriftFinding): string => (line === undefined ? path : `${path}:${line}`);

function rowOf(finding: DriftFinding, links: Links): Cell[] {
  const { by } = finding;
  return [
    fileOf(finding),
    describeFinding(finding),
    placeOf(finding),
    by?.author ?? "unknown",
    by === undefined ? "" : commitCell(by.commit, links),
    describePast(finding),
    findingCode(finding),
  ];
}

function commitCell(commit: string, links: Links): Cell {
  const href = links.commit?.(commit);
  const text = commit.slice(0, 7);
  return href === undefined ? { kind: "code", text } : { kind: "link", text, href, code: true };
}

function findingJson(finding: DriftFinding, links: Links) {
  const { app, environment, path, line, by, past } = finding;
  const value = finding.kind === "value" ? finding : undefined;
  return {
    code: findingCode(finding),
    fails: isFailure(finding),
    app: app ?? null,
    environment: environment ?? null,
    path,
    line: line ?? null,
    message: describeFinding(finding),
    selector: value?.selector ?? null,
    recorded: value?.recorded ?? null,
    found: value?.found ?? null,
    change: finding.kind === "document" ? finding.change : null,
    by:
      by === undefined
        ? null
        : {
            commit: by.commit,
            url: links.commit?.(by.commit) ?? null,
            author: by.author,
            subject: by.subject,
            at: by.committedAt,
            byGlu: by.byGlu,
          },
    past: past.map(({ kind, hold }) => ({
      kind,
      reason: hold.reason ?? null,
      actor: kind === "scheduled" || kind === "status" ? null : hold.actor,
      until: hold.until ?? null,
    })),
  };
}

/** A step shows ten of a level, and drops the others without a word; the summary has all. */
const mostAnnotations = 10;

function annotationsOf(findings: readonly DriftFinding[], links: Links, level: "error" | "warning"): Annotation[] {
  const all = findings.map((finding): Annotation => {
    const { path, line, by, past } = finding;
    const url = by === undefined ? undefined : links.commit?.(by.commit);
    const who = by === undefined ? "" : `, by ${by.author} in ${by.commit.slice(0, 7)}`;
    return {
      level: isFailure(finding) ? level : "notice",
      title: `${past.length > 0 ? "Violation" : "Drift"}: ${placeOf(finding)}`,
      message: [`${describeFinding(finding)}${who}`, describePast(finding)].filter((text) => text !== "").join("; "),
      file: path,
      ...(line === undefined ? {} : { line }),
      ...(url === undefined ? {} : { url }),
    };
  });
  if (all.length <= mostAnnotations) return all;
  const more = all.length - (mostAnnotations - 1);
  const rest: Annotation = { level, title: `${more} more`, message: `${more} more findings are in the summary.` };
  return [...all.slice(0, mostAnnotations - 1), rest];
}
