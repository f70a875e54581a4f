/** Host and port of an HTTP URL, else the host of an SSH address; undefined for a path. */
export function hostOf(location: string): string | undefined {
  if (/^https?:\/\//i.test(location)) return new URL(location).host;
  return /^ssh:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(location)?.[1] ?? /^[^/@]+@([^:/]+):/.exec(location)?.[1];
}
