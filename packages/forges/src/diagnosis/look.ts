import { OutsideError } from "@glu/core";
import type { Asking } from "../asking.ts";
import { type ForgeResponse, send } from "../http.ts";
import { type Finding, ok } from "./finding.ts";

/** Milliseconds by which two clocks may differ: GitHub takes what an App signs a minute ahead. */
const mostOff = 60_000;

/** Asks a forge what is only looked at. An answer that does not come is one with the status 0. */
export class Look {
  readonly #asking: Asking;
  readonly #headers: Record<string, string>;
  /** Milliseconds by which this machine's clock is ahead. */
  #ahead: number | undefined;

  constructor(asking: Asking, headers: Record<string, string>) {
    this.#asking = asking;
    this.#headers = headers;
  }

  async get(path: string): Promise<ForgeResponse> {
    try {
      const response = await send({ method: "GET", path, headers: this.#headers }, this.#asking);
      const server = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(server)) this.#ahead = this.#asking.clock.now() - server;
      const isData = typeof response.json === "object" && response.json !== null;
      return response.status === 200 && !isData ? nothing("its answer is not understood") : response;
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      // It says of the whole run what is said once.
      const isOver = error.code === "forge/budget-exhausted";
      return nothing(isOver ? "asking ended early, before the limit is used up" : error.message);
    }
  }

  /** What the last answers said of the time. */
  clock(): Finding {
    const check = "clock";
    if (this.#ahead === undefined) return { check, state: "unseen", seen: "the server said no time", fix: "" };
    const seconds = Math.round(Math.abs(this.#ahead) / 1000);
    const seen = `${seconds} s ${this.#ahead < 0 ? "behind" : "ahead of"} the server's`;
    if (Math.abs(this.#ahead) <= mostOff) return ok(check, seen);
    const fix = "Set the clock of this machine (NTP): Apps' tokens, soak times and windows go by it.";
    return { check, state: "warning", seen, fix };
  }
}

/** Why something could not be seen: its status, or that there was none. */
export const why = ({ status, json }: ForgeResponse): string =>
  status === 0 ? String((json as { message: string }).message) : `it answers ${status}`;

const nothing = (message: string): ForgeResponse => ({ status: 0, headers: new Headers(), json: { message } });
