/**
 * An inbound W3C trace context, or nothing when it is not valid: it comes from outside and is linked only
 * (https://www.w3.org/TR/trace-context/#traceparent-header; version 00, all-zero ids are invalid).
 */
export function parseTraceparent(value: string | undefined): string | undefined {
  const valid = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
  return value !== undefined && valid.test(value) ? value : undefined;
}
