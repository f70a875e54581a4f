import { UserError } from "@glu/core";
import { openSourceRepository } from "@glu/git";
import { fetchOf } from "../outside-fetch.ts";
import { remoteOfCheckout } from "../own-server.ts";
import { forgeOfTerminal } from "../repositories/forge-of-terminal.ts";
import { credentialsFor, type Token } from "../repositories/token.ts";
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
  const { clock, env, calls } = surroundings;
  const inputs: Record<string, string> = { artifact: asked.artifact };
  if (asked.app.length > 0) inputs.app = asked.app.join(",");
  if (asked.environment.length > 0) inputs.environment = asked.environment.join(",");
  if (asked.reason !== undefined) inputs.reason = asked.reason;
  const { createRequests, parseTarget } = await import("@glu/forges");
  const forge = await forgeOf(token, surroundings);
  const options = { ...forge, clock, calls, fetch: fetchOf(env) };
  if (token.app === undefined || forge.forge !== "github") return createRequests(options).request(target, inputs);
  await using app = token.app;
  const { repository } = parseTarget(target, "github");
  const place = { forge: "github", serverUrl: forge.serverUrl, apiUrl: forge.apiUrl, repository } as const;
  return await createRequests({ ...options, ...app.asking(place, surroundings) }).request(target, inputs);
}

/** The forge that `owner/name` is on. @throws UserError `request/no-forge` at a terminal where none is known */
async function forgeOf(token: Token, { context, env, cwd, callerConfig }: Surroundings) {
  const { host, serverUrl, apiUrl } = context;
  if (host !== "terminal" && serverUrl !== undefined && apiUrl !== undefined) {
    return { forge: host, serverUrl, apiUrl, token: token.value };
  }
  const origin = await remoteOfCheckout(openSourceRepository({ cwd, env, callerConfig }));
  const place = forgeOfTerminal(origin, context, env);
  if (place !== undefined) {
    const credentials = credentialsFor(place.serverUrl, token, undefined);
    return { forge: place.forge, serverUrl: place.serverUrl, apiUrl: place.apiUrl, token: credentials?.token };
  }
  throw new UserError("request/no-forge", "On which forge the repository is that is asked is not known here.", {
    seen: host,
    fix: "Set GLU_FORGE to github, gitlab or gitea, and GLU_SERVER_URL to the address of a server of your own.",
  });
}
