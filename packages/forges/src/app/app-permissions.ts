import { UserError } from "@glu/core";

export type AppLevel = "read" | "write";

/** Permissions of an App by GitHub's names of them. */
export type AppPermissions = Readonly<Record<string, string>>;

/**
 * What a token is for. Git's needs contents alone; the API's may also do what the App was given for pull requests,
 * statuses and the rest of what Glu does there.
 */
export type AppUse = "git-read" | "git-write" | "api-read" | "api-write";

interface Wish {
  needed: Readonly<Record<string, AppLevel>>;
  /** Taken where the App has it. */
  welcome: Readonly<Record<string, AppLevel>>;
}

const seen = {
  pull_requests: "read",
  checks: "read",
  statuses: "read",
  actions: "read",
  deployments: "read",
  members: "read",
} as const;

const wishes: Readonly<Record<AppUse, Wish>> = {
  "git-read": { needed: { contents: "read" }, welcome: {} },
  "git-write": { needed: { contents: "write" }, welcome: {} },
  "api-read": { needed: {}, welcome: { contents: "read", administration: "read", ...seen } },
  "api-write": {
    needed: {},
    welcome: {
      ...seen,
      contents: "write",
      pull_requests: "write",
      issues: "write",
      statuses: "write",
      actions: "write",
      deployments: "write",
    },
  },
};

/**
 * The least that serves, of what the installation was given: GitHub refuses to give a token more than that.
 * @throws UserError `app/permission`, which names what is missing
 */
export function leastPermissions(use: AppUse, granted: AppPermissions, repository: string): AppPermissions {
  const { needed, welcome } = wishes[use];
  for (const [name, level] of Object.entries(needed)) {
    if (granted[name] === "write" || granted[name] === level) continue;
    throw new UserError("app/permission", `The App has no '${name}: ${level}' on ${repository}.`, {
      seen: granted,
      fix:
        `Set 'Repository permissions > ${titleOf(name)}: ${level === "write" ? "Read and write" : "Read-only"}' in the ` +
        "App's settings, and accept the change where it is installed.",
    });
  }
  const taken = Object.entries(welcome).flatMap(([name, level]) => {
    const has = granted[name];
    return has === undefined ? [] : [[name, level === "write" && has !== "write" ? "read" : level] as const];
  });
  // Every App may see what a repository is called; a token of nothing at all would have everything.
  return { metadata: "read", ...Object.fromEntries(taken), ...needed };
}

const titleOf = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
