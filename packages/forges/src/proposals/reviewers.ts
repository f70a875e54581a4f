/** Those who are asked to review, parted into users and teams, which are `org/team`; a team by its name alone. */
export function partedReviewers(reviewers: readonly string[]): { users: string[]; teams: string[] } {
  const teams = reviewers.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
  return { users: reviewers.filter((name) => !name.includes("/")), teams };
}
