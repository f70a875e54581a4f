import type { AskingWithToken } from "../asking.ts";
import { gitlabHeaders } from "../gitlab-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { mappingOf } from "../json.ts";
import { askedOnce } from "./asked-once.ts";

/** The id of the user that a token acts as. @param refuse the error for an answer that tells nobody */
export function gitlabIdentity(asking: AskingWithToken, refuse: (response: ForgeResponse) => Error) {
  return askedOnce(async (): Promise<number> => {
    const response = await send({ method: "GET", path: "/user", headers: gitlabHeaders(asking.token) }, asking);
    const { id } = mappingOf(response.json);
    if (response.status !== 200 || typeof id !== "number") throw refuse(response);
    return id;
  });
}
