import { createHash } from "node:crypto";
import { GluError } from "@glu/core";
import type { AppTokens } from "@glu/forges/app";
import type { Credentials } from "@glu/git";
import { once } from "../once.ts";
import { fetchOf } from "../outside-fetch.ts";
import type { Env, Surroundings } from "../surroundings.ts";
import { fetchAsApp } from "./fetch-as-app.ts";
import { type ForgePlace, forgeAt, githubAt } from "./forge-at.ts";

/** Whether a command writes. */
export type Needs = "read" | "write";

/** The GitHub App that the environment names: its tokens are made when they are first asked for. */
export class AppAccess implements AsyncDisposable {
  readonly #app: { id: string; privateKey: string };
  /** What the command needs where it writes; elsewhere reading is enough. */
  readonly needs: Needs;
  #tokens: (() => Promise<AppTokens>) | undefined;

  private constructor(app: { id: string; privateKey: string }, needs: Needs) {
    this.#app = app;
    this.needs = needs;
  }

  /** `GLU_APP_ID` and `GLU_APP_PRIVATE_KEY`; undefined unless there are both: a fork's job has no secrets. */
  static in(env: Env, needs: Needs): AppAccess | undefined {
    const { GLU_APP_ID: id, GLU_APP_PRIVATE_KEY: privateKey } = env;
    return id && privateKey ? new AppAccess({ id: id.trim(), privateKey }, needs) : undefined;
  }

  /**
   * Where a location's GitHub is asked; undefined for what lies on the job's own forge of another kind, or on one that
   * is known to be none.
   */
  placeOf(location: string, { context, env }: Surroundings): ForgePlace | undefined {
    const known = forgeAt(location, context, env);
    if (known !== undefined) return known.forge === "github" ? known : undefined;
    return githubAt(location);
  }

  /**
   * What opens a repository by HTTPS.
   * @returns undefined when it is only read, and the App is not installed for it: it may be a public one
   */
  async credentials(place: ForgePlace, needs: Needs, surroundings: Surroundings): Promise<Credentials | undefined> {
    const tokens = await this.#open(surroundings);
    const now = () => tokens.token(place, `git-${needs}`);
    try {
      let token = await now();
      return {
        get token() {
          return token;
        },
        now: async () => {
          token = await now();
          return token;
        },
      };
    } catch (error) {
      if (needs === "write" || !isNotInstalled(error)) throw error;
      surroundings.logger.notice(`The App is not installed for ${place.repository}, which is read without it.`);
      return undefined;
    }
  }

  /** How the API of a place is asked. What is public can be read there without the App, too. */
  asking(place: ForgePlace, surroundings: Surroundings, needs = this.needs): { token: string; fetch: typeof fetch } {
    const token = async () => {
      const tokens = await this.#open(surroundings);
      return tokens.token(place, `api-${needs}`).catch((error: unknown) => {
        if (needs === "read" && isNotInstalled(error)) return undefined;
        throw error;
      });
    };
    // Stands for the token, which is made when it is first asked with. What is remembered is sealed with it, so nobody
    // without the key must know it.
    const seal = createHash("sha256").update(`glu\0${this.#app.privateKey}`).digest("hex");
    return { token: `app ${this.#app.id} ${seal}`, fetch: fetchAsApp(place.apiUrl, token, fetchOf(surroundings.env)) };
  }

  /** What the App was given on a repository. @throws GluError `app/…` */
  async granted(place: ForgePlace, surroundings: Surroundings): Promise<Readonly<Record<string, string>>> {
    return (await this.#open(surroundings)).granted(place);
  }

  #open({ clock, mask, env }: Surroundings): Promise<AppTokens> {
    this.#tokens ??= once(async () => {
      const { AppTokens } = await import("@glu/forges/app");
      return new AppTokens({ app: this.#app, clock, mask, fetch: fetchOf(env) });
    });
    return this.#tokens();
  }

  /** Revokes what was made. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#tokens?.())?.[Symbol.asyncDispose]();
  }
}

const isNotInstalled = (error: unknown): boolean => error instanceof GluError && error.code === "app/not-installed";
