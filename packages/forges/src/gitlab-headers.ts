/** The headers of every request to GitLab's API with an access token. */
export const gitlabHeaders = (token: string) => ({ "private-token": token, "content-type": "application/json" });

/**
 * Whether a token is a job's own, or a pipeline trigger's. Servers from before GitLab 16 give them no prefix, and answer
 * 401 where they are not taken.
 */
export const isJobToken = (token: string): boolean => /^gl(?:cbt|ptt)-/.test(token);
