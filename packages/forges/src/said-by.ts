import { type ForgeResponse, field, messageOf } from "./http.ts";

/**
 * The forge's own words for the `seen` of an error, with what it says it wants: GitHub the permission of an App or a
 * fine-grained token, and that single sign-on is missing; GitLab the scope.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export function saidBy(response: ForgeResponse, token: string): string {
  const { headers, json } = response;
  const wants = [
    ["x-accepted-github-permissions", "GitHub wants "],
    ["x-github-sso", "the token must be authorised for the organisation's single sign-on: "],
  ] as const;
  const told = wants.flatMap(([name, words]) => {
    const value = headers.get(name)?.replace(/^required; url=/, "");
    return value === undefined || value === "" ? [] : [`${words}${short(value)}`];
  });
  const scope = field(json, "error") === "insufficient_scope" ? field(json, "scope") : undefined;
  if (scope !== undefined) told.push(`GitLab wants the scope ${short(scope)}`);
  const said = messageOf(response, token);
  return told.length === 0 ? said : `${said} (${told.join("; ").replaceAll(token, "***")})`;
}

const short = (text: string): string => text.replace(/[^\x20-\x7e]/g, "").slice(0, 200);

/** A sentence about an answer with what it said: whoever set the pipeline up reads the forge's own words beside ours. */
export const quoting = (sentence: string, said: string): string =>
  `${sentence} It answered ${said.replace(/\.$/, "")}.`;
