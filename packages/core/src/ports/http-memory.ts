/** An answer with the name that its server gave it (RFC 9110, 8.8.3). */
export interface RememberedAnswer {
  etag: string;
  body: Uint8Array;
}

/** Keeps answers between runs, so that a server can say that nothing has changed. It may forget. */
export interface HttpMemory {
  get(url: string): Promise<RememberedAnswer | undefined>;
  put(url: string, answer: RememberedAnswer): Promise<void>;
}
