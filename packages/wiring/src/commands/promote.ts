import { parseArtifactSelector, UserError } from "@glu/core";
import type { InputsOf, plan as planCommand } from "@glu/inputs";
import { nothingDone } from "../nothing-done.ts";
import type { Outcome } from "../outcome.ts";
import { connectConfig } from "../repositories/connect.ts";
import { Repositories } from "../repositories/repositories.ts";
import { findToken } from "../repositories/token.ts";
import { loadPresentation } from "../shells/load-presentation.ts";
import type { Surroundings } from "../surroundings.ts";
import type { PromoteInputs } from "./promotion.ts";

/** `glu promote`, the action and the component: inputs → use case → what there is to say. */
export async function runPromote(
  { mode, ...inputs }: PromoteInputs & { mode?: "promote" | "reconcile" },
  surroundings: Surroundings,
): Promise<Outcome> {
  if (mode === "reconcile") {
    assertNothingNamed(inputs);
    const { runReconcile } = await import("./reconcile.ts");
    return runReconcile({ ...inputs, onHeld: inputs.onHeld ?? "succeed" }, surroundings);
  }
  assertLooksAtNoSources(inputs);
  const { context, env } = surroundings;
  const token = findToken(inputs.token, inputs.hostToken, env, context.host, inputs.plan ? "read" : "write");
  // A wrong input must cost no round trip, and must not be sent to another repository.
  parseArtifactSelector(inputs.artifact);
  if (inputs.request !== undefined) {
    assertCanBeAsked(inputs);
    const { requestElsewhere } = await import("./request.ts");
    const { url } = await requestElsewhere(inputs.request, inputs, token, surroundings);
    const notice = `Asked ${inputs.request} to promote ${inputs.artifact}${url === undefined ? "" : `: ${url}`}. It decides.`;
    return nothingDone(notice);
  }
  await using repositories = new Repositories(surroundings, token, inputs.commitVia);
  const connection = await connectConfig(inputs, repositories, inputs.app);
  // The server is asked by now: what decides, edits and presents is loaded while it answers.
  const [{ promoteThere }] = await Promise.all([import("./promotion.ts"), loadPresentation()]);
  return await promoteThere(inputs, connection, repositories, surroundings);
}

/**
 * Who reconciles asks for nothing by name: what was given must not be dropped.
 * @throws UserError `input/not-with-reconcile`
 */
function assertNothingNamed({ artifact, reason, overwrite, override, set, wait, request }: PromoteInputs): void {
  const given = {
    artifact: artifact !== "latest",
    reason: reason !== undefined,
    overwrite,
    override: override.length > 0,
    set,
    wait: wait !== undefined,
    request: request !== undefined,
  };
  const seen = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (seen.length === 0) return;
  throw new UserError("input/not-with-reconcile", `With mode: reconcile, ${seen.join(", ")} has no meaning.`, {
    seen,
    fix: "Policies and automatic edges decide what goes. Leave it out, or promote by name without the mode.",
  });
}

/**
 * Who promotes by name looks at no sources: a cache would stay empty, and whoever gave it would wait for it to help.
 * @throws UserError `input/only-with-reconcile`
 */
function assertLooksAtNoSources({ cache }: PromoteInputs): void {
  if (cache === undefined) return;
  throw new UserError("input/only-with-reconcile", "Without mode: reconcile, cache has no meaning.", {
    seen: ["cache"],
    fix: "Only a reconciliation looks at sources. Leave it out, or give mode: reconcile.",
  });
}

/** What a request carries, and what is about asking or about this job alone. */
const carried = new Set(
  ["app", "environment", "artifact", "reason"].concat("mode", "request", "token", "hostToken", "matrix", "output"),
);

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/**
 * A request carries app, environment, artifact and reason. What else was given must not be dropped: a plan would
 * become a promotion. None of these has a default but `false`, so what has a value was given.
 * @throws UserError `request/not-carried`, `input/artifact`
 */
export function assertCanBeAsked(inputs: PromoteInputs): void {
  const lost = Object.entries(inputs)
    .filter(([name, value]) => !carried.has(name) && value !== undefined && value !== false && !isEmpty(value))
    .map(([name]) => name);
  if (lost.length > 0) {
    const seen = lost.map(kebabCase);
    const branch = lost.includes("ref")
      ? " The branch of the workflow that is started stands in request, behind an @."
      : "";
    throw new UserError("request/not-carried", `A request does not carry ${seen.join(", ")}.`, {
      seen,
      fix: `Leave it out and let the workflow that is asked give it, or run promote where the config repository can be read and written, without request.${branch}`,
    });
  }
  if (parseArtifactSelector(inputs.artifact).kind !== "path") return;
  throw new UserError("input/artifact", "A request cannot carry a file: it is not there where the promotion runs.", {
    seen: inputs.artifact,
    fix: "Give the artifact's id or digest (outputs artifact-id and artifact-digest of build-artifact), or latest.",
  });
}

/** `glu plan`: promote with `plan` set. What is held is an answer here, not a failure of the command. */
export function runPlan(inputs: InputsOf<typeof planCommand>, surroundings: Surroundings): Promise<Outcome> {
  const notAsked = {
    token: undefined,
    hostToken: undefined,
    reason: undefined,
    onHeld: "succeed",
    commitMessage: undefined,
    wait: undefined,
  } as const;
  const rest = {
    author: undefined,
    cache: undefined,
    commitVia: undefined,
    request: undefined,
    requestId: undefined,
  } as const;
  return runPromote({ ...inputs, ...notAsked, ...rest, override: [], plan: true }, surroundings);
}

const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
