/** Another writer held the ref's lock while we pushed: nothing was written, and it is worth another try at once. */
export function isBusy(status: string | undefined): boolean {
  const busy = /\block|failed to update ref|incorrect old value|fetch first|stale info|non-fast-forward/i;
  return busy.test(reasonOf(status));
}

/** What a status line says after the ref: `[remote rejected] (pre-receive hook declined)`. */
export function reasonOf(status: string | undefined): string {
  return /\[(?:remote )?(?:rejected|failure)\].*$/.exec(status ?? "")?.[0] ?? "";
}
