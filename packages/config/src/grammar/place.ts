import { refName } from "@glu/core";
import { text, tried } from "./text.ts";

export const repositoryPlace = text({
  description:
    "The repository it lives in, when it is not the config's: owner/name, a URL without credentials, a path.",
  example: "acme/deployments",
  pattern: /^(?!-)[^\s]+$/,
  check: (value) => {
    // Of ssh://git@host the user is no secret.
    if (/^[a-z+]+:\/\/[^/\s]*:[^/\s]*@|^https?:\/\/.*@/i.test(value)) {
      const fix = "Remove them: tokens come from the token input or GLU_TOKEN.";
      return { message: "must not have credentials", code: "config/credentials", fix };
    }
    if (/^-|\s/.test(value) || value === "") {
      const fix = "Write owner/name, a URL or a path.";
      return { message: "is not a repository", code: "config/repository", fix };
    }
    return undefined;
  },
});

export const repositoryRef = text({
  description: "The branch its files and records live in, when it is not the config's.",
  example: "main",
  pattern: /^(?!-)[^\s]+$/,
  check: (value) => tried(() => refName(value), "is not a branch or ref"),
});
