/** The headers of every request to Gitea's and Forgejo's API. */
export const giteaHeaders = (token: string) => ({
  authorization: `token ${token}`,
  "content-type": "application/json",
});
