import { z } from "zod";
import { Unanswered } from "./unanswered.ts";

const expressions = /\{\{[\s\S]*?\}\}/g;
const loopback = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/?#]|$)/i;

/** Where a server is asked. Templates may stand behind the host only: what is of others never says who is asked. */
export const address = z
  .string()
  .regex(
    /^https?:\/\/[^\s/?#@{}\\]+(?:[/?#][^\s]*|[/?#].*\{\{.*)?$/,
    "must be an http or https address without user and password, with templates behind the host only",
  )
  .describe("The address, such as https://status.example.com/{{ app }}. A template's value is percent-encoded.");

/** Whether what is sent there can be read on the way. */
export const isOpen = (url: string): boolean => /^http:/.test(url) && !loopback.test(url);

/** What stands in `{{ }}` of an address: each is rendered for itself. */
export const templatesIn = (url: string): string[] => url.match(expressions) ?? [];

/** Whether it is an address when its templates give something. */
export const isAddress = (url: string): boolean => URL.canParse(url.replaceAll(expressions, "x"));

/** What of a text is not in `{{ }}`. */
export const literally = (text: string): string => text.replaceAll(expressions, "");

/**
 * The address with the values of its templates, each of them percent-encoded and within one segment.
 * @throws Unanswered `http/template`
 */
export function renderAddress(template: string, render: (template: string) => string): string {
  const url = template.replaceAll(expressions, (one) =>
    encodeURIComponent(render(one).replace(/[\ud800-\udfff]/gu, "\ufffd")),
  );
  const said = url.split("?", 1)[0];
  const path = url.replace(/^https?:\/\/[^/?#]*/, "").split(/[?#]/, 1)[0] ?? "";
  // A URL's parser would take these for steps up, also when they are encoded.
  const climbs = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (climbs && template !== url) {
    throw new Unanswered("http/template", `a value makes the address ${said} lead elsewhere`, "another artifact");
  }
  if (!URL.canParse(url)) throw new Unanswered("http/template", `${said} is no address`, "another address");
  return url;
}

/** An address as it may be said: what stands behind `?` can be a key. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
