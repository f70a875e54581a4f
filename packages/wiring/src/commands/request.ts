import { type CiContext, UserError } from "@glu/core";
import { fetchOf } from "../outside-fetch.ts";
import type { Token } from "../repositories/token.ts";
import type { Surroundings } from "../surroundings.ts";

/** What the config repository is asked to promote. */
export interface Asked {
  app: readonly string[];
  environment: readonly string[];
  artifact: string;
  reason: string | undefined;
}

/** Starts the promotion in the config repository's own CI, which decides; see docs/trust.md. */
export async function requestElsewhere(
  target: string,
  asked: Asked,
  token: Token,
  surroundings: Surroundings,
): Promise<{ url: string | undefined }> {
  const { context, clock, env, calls } = surroundings;
  const inputs: Record<string, string> = { artifact: asked.artifact };
  if (asked.app.length > 0) inputs.app = asked.app.join(",");
  if (asked.environment.length > 0) inputs.environment = asked.environment.join(",");
  if (asked.reason !== undefined) inputs.reason = asked.reason;
  const { createRequests, parseTarget } = await import("@glu/forges");
  const forge = forgeOf(context);
  const options = { ...forge, clock, calls, token: token.value, fetch: fetchOf(env) };
  if (token.app === undefined || forge.forge !== "github") return createRequests(options).request(target, inputs);
  await using app = token.app;
  const { repository } = parseTarget(target, "github");
  const place = { ...forge, forge: "github", repository } as const;
  return await createRequests({ ...options, ...app.asking(place, surroundings) }).request(target, inputs);
}

/** The forge that this run is on. @throws UserError `request/no-forge` in a terminal */
function forgeOf({ host, serverUrl, apiUrl }: CiContext) {
  if (host !== "terminal" && serverUrl !== undefined && apiUrl !== undefined) return { forge: host, serverUrl, apiUrl };
  throw new UserError("request/no-forge", "A request is made from a job of the forge that runs the promotion.", {
    seen: host,
    fix: "In a terminal, promote with --config-repository, or start the workflow with the forge's own command line.",
  });
}
