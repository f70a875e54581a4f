/** Progress and notices; never results. Implementations escape what they print and mask registered secrets. */
export interface Logger {
  debug(message: string): void;
  /** What is being done now. A terminal shows it in place of the last; where nobody watches it is a log line or nothing. */
  progress(message: string): void;
  info(message: string): void;
  notice(message: string): void;
  warning(message: string): void;
}
