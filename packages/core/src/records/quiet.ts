/**
 * Text of a person's for a commit message, so that it acts on nothing when it is pushed: forges, CI systems and trackers
 * read messages for markers that skip a pipeline, words that close issues, mentions and commands. What was written stays
 * readable; a record has it as it was.
 *
 * @see https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
 * @see https://docs.gitlab.com/user/project/issues/managing_issues/#closing-issues-automatically
 */
export function quiet(text: string): string {
  return (
    withoutSkips(text)
      // #12, acme/web#12, a tracker's command such as #done; GitHub's other way to name an issue.
      .replace(/#(?=[\p{L}\p{N}_])/gu, "# ")
      .replace(/\bGH-(?=\d)/gi, "GH ")
      // A person or a team; an address is none.
      .replace(/(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_])/gu, "@ ")
      // closes https://forge/acme/web/issues/12, fixes ACME-12
      .replace(/\b((?:clos|fix|resolv|implement)\w*:?\s+)(?!\()(\S*(?:\/\/|[A-Z]-\d)\S*)/gi, "$1($2)")
  );
}

/** Text that skips no pipeline: [skip ci], [ci skip], [no ci], [skip actions], and written in one word. */
export const withoutSkips = (text: string): string =>
  text
    .replace(/\[+([^[\]]*)\]+/g, (all, inside: string) =>
      /skip|noci|(?:\b|_)no(?:\b|_)/i.test(inside) ? `(${inside})` : all,
    )
    .replace(/\*\*\*NO_CI\*\*\*/gi, "NO_CI");

/** The same for a line that a message begins with: neither a command (`/tag v1`) nor a trailer of ours. */
export function quietSubject(text: string): string {
  return quiet(text)
    .replace(/^[\s/]+/, "")
    .replace(/^Glu-/i, "Glu ");
}
