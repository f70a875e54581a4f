import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";

/** Characters of the output that are given back. */
const most = 65_536;

/** The end of what a program prints, in a memory that does not grow. */
export class LastOutput {
  #text = "";
  #cut = false;

  /** Takes what a stream brings, as UTF-8; what is none becomes U+FFFD. A character may come in two parts. */
  take(stream: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder("utf8");
    stream.on("data", (chunk: Buffer) => this.#add(decoder.write(chunk)));
    stream.on("end", () => this.#add(decoder.end()));
  }

  #add(more: string): void {
    this.#text += more;
    if (this.#text.length <= 4 * most) return;
    this.#text = this.#text.slice(-2 * most);
    this.#cut = true;
  }

  /**
   * The end of it without colours and without secrets, in whole lines where there are any. Secrets go first, and then
   * the part at the cut, where half of one could stand.
   */
  end(redact: (text: string) => string): string {
    const text = redact(stripVTControlCharacters(this.#text)).replaceAll("\r\n", "\n");
    const start = this.#cut ? Math.min(most, text.length) : 0;
    const from = Math.max(start, text.length - most);
    if (from === 0) return text;
    const line = text.indexOf("\n", from);
    return text.slice(line < 0 || line === text.length - 1 ? from : line + 1);
  }
}
