/** The server, or what is asked of it, does not fit the wire. Nothing was written; the git binary can do it. */
export class WireUnfit extends Error {
  constructor(why: string) {
    super(why);
    this.name = "WireUnfit";
  }
}
