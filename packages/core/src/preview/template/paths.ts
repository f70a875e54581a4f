/** The folder of a path, `""` of one at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** A path without `.` and `..`; undefined when it leads out of the repository, or is none inside of one. */
export function resolvePath(folder: string, path: string): string | undefined {
  if (path.startsWith("/") || path.includes("\\")) return undefined;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** How a path is named from a folder, both from the root: `../base`. */
export function relativePath(folder: string, path: string): string {
  const [from, to] = [folder, path].map((one) => one.split("/").filter((part) => part !== ""));
  const parts = { from: from ?? [], to: to ?? [] };
  let same = 0;
  while (same < parts.from.length && same < parts.to.length && parts.from[same] === parts.to[same]) same += 1;
  const steps = [...parts.from.slice(same).map(() => ".."), ...parts.to.slice(same)];
  return steps.length === 0 ? "." : steps.join("/");
}

/** Whether a path is a folder, or lies in it. The root has all. */
export const isWithin = (folder: string, path: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);
