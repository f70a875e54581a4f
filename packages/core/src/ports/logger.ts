/** Progress and notices; never results. Implementations escape what they print and mask registered secrets. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  notice(message: string): void;
  warning(message: string): void;
}
