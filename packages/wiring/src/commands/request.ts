import { type CiContext, UserError } from "@glu/core";
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
  { context, clock, calls }: Surroundings,
): Promise<{ url: string | undefined }> {
  const inputs: Record<string, string> = { artifact: asked.artifact };
  if (asked.app.length > 0) inputs.app = asked.app.join(",");
  if (asked.environment.length > 0) inputs.environment = asked.environment.join(",");
  if (asked.reason !== undefined) inputs.reason = asked.reason;
  const { createRequests } = await import("@glu/forges");
  return createRequests({ ...forgeOf(context), token: token.value, clock, calls }).request(target, inputs);
}

/** The forge that this run is on. @throws UserError `request/no-forge` in a terminal */
function forgeOf({ host, serverUrl, apiUrl }: CiContext) {
  if (host !== "terminal" && serverUrl !== undefined && apiUrl !== undefined) return { forge: host, serverUrl, apiUrl };
  throw new UserError("request/no-forge", "A request is made from a job of the forge that runs the promotion.", {
    seen: host,
    fix: "In a terminal, promote with --config-repository, or start the workflow with the forge's own command line.",
  });
}
