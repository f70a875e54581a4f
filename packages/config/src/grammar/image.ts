import { text } from "./text.ts";

/** `{{ app }}` in `images` and `repository`: the one template that is filled in when the config is read. */
export const appPlaceholder = /\{\{-?\s*app\s*-?\}\}/g;

export const withoutApp = (value: string) => value.replace(appPlaceholder, "app");

// Names of the distribution specification: [host[:port]/]path, lower case.
const imageName = /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*$/;

export const image = text({
  description: "The image's repository without tag and digest, such as ghcr.io/acme/{{ app }}.",
  pattern: /^[^@]+$/,
  check: (value) => {
    const name = withoutApp(value);
    if (imageName.test(name)) return undefined;
    if (/@|:[^/]*$/.test(name) && !name.includes("{{")) {
      const bare = value.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
      const fix = `Write ${bare}: the artifact says which tag and digest.`;
      return { message: "must not have a tag or digest", code: "config/image", fix };
    }
    const fix = "Write a name such as ghcr.io/acme/web, in lower case; {{ app }} may stand in it.";
    return { message: "is not an image's name", code: "config/image", fix };
  },
});
