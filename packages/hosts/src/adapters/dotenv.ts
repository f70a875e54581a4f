/**
 * GitLab's limits for a dotenv report (https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv): the
 * file must stay below 5 KiB and has at most 20 variables, else all of it is lost.
 */
export const dotenvLimits = { bytes: 5 * 1024 - 1, variables: 20 } as const;

/** Never in it, for an answer of any size is the whole of `result.json`. */
const elsewhere: ReadonlySet<string> = new Set(["decision", "drift"]);

/** `artifact-id` is `GLU_ARTIFACT_ID`. */
export function dotenvName(output: string): string {
  return `GLU_${output.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** Why GitLab would not take the value as it is: there is no quoting, blanks at the ends go, and `$NAME` is expanded. */
function whyNot(value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(value)) return "it has several lines or a control character";
  if (value !== value.trim()) return "it begins or ends with a blank";
  return value.includes("$") ? "GitLab would expand its '$'" : undefined;
}

/** The outputs that fit, in their order, as a dotenv report; and those that do not and are missed, with the reason. */
export function renderDotenv(outputs: Readonly<Record<string, string>>): {
  text: string;
  left: { name: string; why: string }[];
} {
  const lines = new Map<string, string>();
  const left: { name: string; why: string }[] = [];
  let bytes = 0;
  for (const [name, value] of Object.entries(outputs)) {
    if (elsewhere.has(name)) continue;
    const line = `${dotenvName(name)}=${value}\n`;
    const size = Buffer.byteLength(line);
    const why =
      whyNot(value) ??
      (lines.has(dotenvName(name)) ? "another output has the same name" : undefined) ??
      (lines.size >= dotenvLimits.variables ? `there are more than ${dotenvLimits.variables} outputs` : undefined) ??
      (bytes + size > dotenvLimits.bytes ? "the outputs together would be larger than 5 KiB" : undefined);
    if (why !== undefined) {
      left.push({ name, why });
      continue;
    }
    lines.set(dotenvName(name), line);
    bytes += size;
  }
  return { text: [...lines.values()].join(""), left };
}
