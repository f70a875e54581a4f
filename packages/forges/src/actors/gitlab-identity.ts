import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders } from "../gitlab-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { askedOnce } from "./asked-once.ts";

export interface GitlabIdentity {
  id: number;
  name: string;
}

/** The user that a token acts as. @param refuse the error for an answer that tells nobody */
export function gitlabIdentity(asking: AskingWithToken, refuse: (response: ForgeResponse) => Error) {
  return askedOnce(async (): Promise<GitlabIdentity> => {
    const response = await send({ method: "GET", path: "/user", headers: gitlabHeaders(asking.token) }, asking);
    const { id, username } = mappingOf(response.json);
    const name = textOf(username);
    if (response.status !== 200 || typeof id !== "number" || name === undefined) throw refuse(response);
    return { id, name };
  });
}
