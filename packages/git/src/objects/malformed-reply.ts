/**
 * A server's answer that is not what Git's protocol says, or more than we take. Nothing of it is used. The callers of
 * the wire turn it into a coded error, or go on with the git binary.
 */
export class MalformedReply extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedReply";
  }
}

/** More than we take in one answer: what was asked for may come in several. */
export class TooLarge extends MalformedReply {}
