/** A comment that an event is about, as the event tells it: its text is untrusted. */
export interface CommentEvent {
  /** The forge's number of the comment. */
  id: number;
  /** The pull request that it stands on; undefined: it stands on an issue. */
  pull: number | undefined;
  /** What happened to it, in the forge's word, such as `created`. */
  action: string | undefined;
  /** Who wrote it, as the forge says. */
  author: string;
  body: string;
  /** Milliseconds since the epoch by the forge's clock: when it was written. */
  createdAt: number;
  /** Likewise: the last change of its pull request when the event was sent. */
  pullUpdatedAt: number | undefined;
}
