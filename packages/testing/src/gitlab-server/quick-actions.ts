const names = "approve|assign|close|draft|label|merge|ready|reopen|title|unassign|unlabel";
const pattern = new RegExp(
  String.raw`(^\`\`\`.+?\n\`\`\`$)|^/(?<command>${names})(?: (?<argument>[^\n]*))?(?:\s*\n|$)`,
  "gims",
);

/**
 * What GitLab does with the Markdown of a description or a note: quick actions outside of code are taken out and done,
 * carriage returns go, and so does the white space at the end. HTML comments stay as they are.
 */
export function readMarkdown(markdown: string): { text: string; commands: string[] } {
  const commands: string[] = [];
  const text = markdown.replaceAll("\r", "").replace(pattern, (whole, code: string | undefined, command: string) => {
    if (code !== undefined) return whole;
    commands.push(command.toLowerCase());
    return "";
  });
  return { text: text.trimEnd(), commands };
}
