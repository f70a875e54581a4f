/** The environment of a process, as an argument. */
export type Environment = Readonly<Record<string, string | undefined>>;

const everywhere = ["PATH", "HOME", "TMPDIR", "LANG"];
/** Without these no program starts on Windows, or it finds no place for its files. Names have no case there. */
const windows = ["SYSTEMROOT", "PATHEXT", "COMSPEC", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA"];

/** The little of the job's environment that programs need: made from scratch, so that nothing is forgotten in it. */
export function plainEnvironment(env: Environment, platform: NodeJS.Platform): Record<string, string> {
  const kept = new Set(platform === "win32" ? [...everywhere, ...windows] : everywhere);
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const known = kept.has(platform === "win32" ? name.toUpperCase() : name);
      return known && value !== undefined ? [[name, value]] : [];
    }),
  );
}
