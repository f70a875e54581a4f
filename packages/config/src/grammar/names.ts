import { appName, envName, namePattern } from "@glu/core";
import { text, tried } from "./text.ts";

const rule = "1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last";
const name = namePattern;
const globCharacters = /[*?[\]{}!]/;

/** A key of `apps` with glob characters gives defaults and declares no app. */
export function isGlob(key: string): boolean {
  return globCharacters.test(key);
}

export const environmentKey = text({
  description: `The environment's name: ${rule}. "all" is reserved.`,
  pattern: new RegExp(`^(?!all$)${name.source.slice(1)}`),
  check: (value) =>
    value === "all"
      ? {
          message: "is reserved",
          code: "config/reserved-name",
          fix: 'A freeze of "all" is of every environment: choose another name.',
          on: "key",
        }
      : tried(() => envName(value), "is not an environment's name"),
});

export const appKey = text({
  description: `The app's name: ${rule}; or a glob over names, such as team-a-*, that gives defaults and declares no app.`,
  pattern: new RegExp(`(?:${name.source})|^(?!!)[a-z0-9*?\\[\\]{},!-]*[*?\\[\\]{}!][a-z0-9*?\\[\\]{},!-]*$`),
  check: (value) => {
    if (!isGlob(value)) return tried(() => appName(value), "is not an app's name");
    if (/^[a-z0-9*?[\]{},!-]+$/.test(value) && !value.startsWith("!")) return undefined;
    const fix = "Use a-z, 0-9, '-' and the glob characters * ? [ ] { }, such as team-a-*.";
    return { message: "is not a glob over app names", code: "config/glob", fix };
  },
});

/** A name that refers to an environment; whether there is one is checked against the whole file. */
export const environmentReference = text({ description: "The name of an environment above.", pattern: /^/ });
