/** Longer addresses are not links that anyone made by hand. */
const longest = 2048;

/**
 * The address, when it is one to link to: `http` or `https`, without credentials; else undefined. Characters that end or
 * open something in Markdown or HTML come out percent-encoded.
 */
export function safeUrl(address: string | undefined): string | undefined {
  if (address === undefined || address.length > longest || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  if (url.username !== "" || url.password !== "" || url.hostname === "") return undefined;
  return url.href.replace(
    /[\s"'()*<>[\]\\^`{|}~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
