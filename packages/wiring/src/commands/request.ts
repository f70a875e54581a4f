import { createRequests } from "@glu/forges";
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
  { context, clock, env }: Surroundings,
): Promise<{ url: string | undefined }> {
  const inputs: Record<string, string> = { artifact: asked.artifact };
  if (asked.app.length > 0) inputs.app = asked.app.join(",");
  if (asked.environment.length > 0) inputs.environment = asked.environment.join(",");
  if (asked.reason !== undefined) inputs.reason = asked.reason;
  return createRequests({ context, token: token.value, clock, env }).request(target, inputs);
}
