import { type Release, requestToUndo } from "@glu/core";
import { describe, expect, it } from "vitest";
import { type Act, requestsOf } from "./acts.ts";
import { type Audited, auditBranch } from "./audit.ts";
import { Past, pastArtifact, pastFile } from "./past.ts";
import type { Word } from "./plan.ts";
import { breakGlass, environments } from "./world.ts";

// The audit must see what goes wrong with verification and what follows from it.
const app = "app-01";
const began = Math.floor((Date.now() - 3_600_000) / 1000) * 1000;
const pinFile = (environment: string) => `.glu/${app}/${environment}.pin.json`;

type State = Release["state"];

/** Releases that are verified, made past Glu: each step is a second after the one before. */
class Story {
  readonly past = new Past({ apps: [app], places: environments }, began);
  readonly acts: Act[] = [];
  words: Record<string, Word> = {};
  settled = false;
  #seconds = 0;

  /** Somebody asks; gives the request of what Glu makes of it. */
  #ask(kind: Act["kind"], environment: string, more: Partial<Act> = {}): string {
    const id = `r0x${this.acts.length}x`;
    const act: Act = { id, kind, app, environment: environment as Act["environment"], args: ["promote"], ...more };
    this.acts.push(act);
    return requestsOf(act)[0] ?? "";
  }

  get now(): number {
    return began + this.#seconds * 1000;
  }

  #later(): number {
    this.#seconds += 2;
    return this.now;
  }

  release(environment: string, number: number, more: Partial<Release> = {}, act: Partial<Act> = {}): string {
    const request = this.#ask(act.kind ?? "promote", environment, act);
    this.past.release([{ app, environment, number, at: this.#later(), request, more }]);
    return request;
  }

  verdict(
    environment: string,
    state: State,
    { rejects = state === "failed", late = true, act = "reconcile" as Act["kind"] } = {},
  ) {
    const request = this.#ask(act, environment);
    const at = new Date(late ? this.#later() : this.now).toISOString();
    const path = this.past.amend(app, environment, (record) => {
      const { current, rejected } = record;
      if (current === null) throw new Error("Nothing runs there.");
      const verifiedAt = state === "healthy" ? { verifiedAt: at } : {};
      const { id: artifact } = current.artifact;
      const rejection = { artifact, digest: "", reason: "failed", actor: current.actor, at, request };
      return {
        ...record,
        current: { ...current, state, ...verifiedAt, verification: { at, seen: "x" } },
        rejected: rejects ? [rejection, ...rejected.filter((one) => one.artifact !== artifact)] : rejected,
      };
    });
    this.past.commit(`Record that it is ${state}\n\nGlu-Request: ${request}\n`, this.now, [path]);
  }

  pin(environment: string, number: number): void {
    const path = pinFile(environment);
    this.past.put(path, JSON.stringify({ artifact: pastArtifact(app, number).id }));
    const request = this.#ask("pin", environment);
    const block = `Glu-Request: ${request}\nGlu-App: ${app}\nGlu-Environment: ${environment}\nGlu-Kind: pin\nGlu-Actor: ada`;
    this.past.commit(`Pin it\n\n${block}\n`, this.#later(), [path]);
  }

  /** Somebody unpins, and gives a reason: with the next release an artifact is rejected no more. */
  allow(environment: string, number: number): void {
    const request = this.#ask("unpin", environment);
    const path = pinFile(environment);
    this.past.put(path, undefined);
    const block = `Glu-Request: ${request}\nGlu-App: ${app}\nGlu-Environment: ${environment}\nGlu-Kind: unpin\nGlu-Actor: ada`;
    this.past.commit(`Unpin it\n\n${block}\n`, this.#later(), [path]);
    const { id } = pastArtifact(app, number);
    this.past.amend(app, environment, (record) => {
      return { ...record, rejected: record.rejected.filter(({ artifact }) => artifact !== id) };
    });
  }

  /** What Glu does by itself when a release failed. */
  undo(environment: string, number: number, { of = "", more = {} as Partial<Release>, pin = number } = {}): void {
    const failed = of === "" ? (this.past.record(app, environment).current?.request ?? "") : of;
    const path = pinFile(environment);
    this.past.put(path, JSON.stringify({ artifact: pastArtifact(app, pin).id }));
    const said = { kind: "rollback" as const, reason: "1.2 failed: x", ...more };
    const request = requestToUndo(failed);
    this.past.release([{ app, environment, number, at: this.#later(), request, more: said, also: [path] }]);
  }

  remove(environment: string, { values = true, keepsPin = false, act = {} as Partial<Act> } = {}): void {
    const request = this.#ask("remove", environment, { args: ["remove"], ...act });
    const at = this.#later();
    const actor = { name: "ada", verified: false };
    const removed = { request, actor, reason: "it moves", at: new Date(at).toISOString() };
    const path = this.past.amend(app, environment, (record) => {
      const [last, ...earlier] = [record.current ?? [], record.history].flat();
      return { ...record, current: null, history: [{ ...(last as Release), removed }, ...earlier] };
    });
    const file = pastFile(app, environment, false);
    const text = this.past
      .text(file)
      .replace(/tag: "[^"]*"/, 'tag: "0.0"')
      .replace(/digest: "[^"]*"/, 'digest: ""');
    if (values) this.past.put(file, text);
    if (!keepsPin) this.past.put(pinFile(environment), undefined);
    const block = `Glu-Request: ${request}\nGlu-App: ${app}\nGlu-Environment: ${environment}\nGlu-Artifact: x\nGlu-Kind: remove\nGlu-Reason: it moves\nGlu-Actor: ada`;
    this.past.commit(`Remove it\n\n${block}\n`, at, [path, file, pinFile(environment)]);
  }

  /** Good in one environment after the other, up to the last that is named. */
  good(number: number, ...places: string[]): void {
    for (const environment of places) {
      this.release(environment, number);
      this.verdict(environment, "healthy");
    }
  }

  audit(): Audited {
    using repository = this.past.make();
    return auditBranch(repository.path, {
      acts: this.acts,
      settled: this.settled,
      within: 1,
      onFailure: { testing: "hold", staging: "rollback", production: "notify" },
      wordOf: (environment, _app, number) => this.words[`${environment} ${number}`] ?? "good",
    });
  }
}

/** 1.1 is good in staging, and 1.2 fails there. */
function failedInStaging(): Story {
  const story = new Story();
  story.words = { "staging 2": "bad", "production 2": "bad" };
  story.good(1, "testing", "staging");
  story.good(2, "testing");
  story.release("staging", 2);
  story.verdict("staging", "failed");
  return story;
}

const incident = { kind: "override" as const, reason: "incident 42", actor: { name: breakGlass.user, verified: true } };
const broken = (gates: string): Partial<Act> => ({
  kind: "break-glass",
  by: breakGlass.user,
  args: ["promote", "--override", gates],
});
const past = (gate: string) => ({ overrides: [{ gate, code: "x", seen: "x" }] });

describe("the audit of what is verified", () => {
  it("finds nothing in what is good, what failed and went back, what was taken out, and what went past its gates", () => {
    const story = failedInStaging();
    story.undo("staging", 1);
    story.verdict("staging", "healthy");
    story.good(1, "production");
    story.remove("production");
    story.release("production", 2, { ...incident, ...past("from") }, broken("from"));
    story.verdict("production", "failed", { rejects: false });
    story.settled = true;
    const { broken: now, counts } = story.audit();
    expect(now).toEqual([`production/${app}`]);
    expect(counts).toMatchObject({ healthy: 5, failed: 2, undone: 1, removed: 1, brokenGlass: 1, releases: 7 });
  });

  it("says no longer that something runs past its gates, once something else does", () => {
    const story = new Story();
    story.good(1, "testing", "staging");
    story.good(2, "testing");
    story.release("production", 2, { ...incident, ...past("from") }, broken("from"));
    expect(story.audit().broken).toEqual([`production/${app}`]);
    story.good(2, "staging");
    story.release("production", 2);
    expect(story.audit().broken).toEqual([]);
  });

  it.each<[string, (story: Story) => void, string]>([
    ["what failed and goes on", (story) => story.release("production", 2), "was rejected in staging"],
    [
      "what is not verified yet and goes on",
      (story) => {
        story.release("testing", 3);
        story.release("staging", 3);
      },
      "was healthy in testing",
    ],
    [
      "what failed and is not rejected",
      (story) => {
        story.words["testing 3"] = "bad";
        story.release("testing", 3);
        story.verdict("testing", "failed", { rejects: false });
      },
      "what failed is rejected",
    ],
    [
      "what is told and rejected where people are only told",
      (story) => {
        story.words["production 1"] = "bad";
        story.release("production", 1);
        story.verdict("production", "failed");
      },
      "what failed is rejected, and nothing else",
    ],
    [
      "what is good and failed",
      (story) => {
        story.release("testing", 3);
        story.verdict("testing", "failed");
      },
      "is good",
    ],
    [
      "what is broken and healthy",
      (story) => {
        story.words["testing 3"] = "bad";
        story.release("testing", 3);
        story.verdict("testing", "healthy");
      },
      "is bad",
    ],
    [
      "what nobody could tell and failed",
      (story) => {
        story.words["testing 3"] = "silent";
        story.release("testing", 3);
        story.verdict("testing", "failed");
      },
      "is silent",
    ],
    [
      "what failed before its time was over",
      (story) => {
        story.words["testing 3"] = "bad";
        story.release("testing", 3);
        story.verdict("testing", "failed", { late: false });
      },
      "it had its time",
    ],
    ["what is decided twice", (story) => story.verdict("staging", "healthy"), "what is decided is decided"],
    [
      "what is decided by who did not look",
      (story) => {
        story.release("testing", 3);
        story.verdict("testing", "healthy", { act: "pin" });
      },
      "by who looked",
    ],
    [
      "a failure that is undone twice",
      (story) => {
        const of = story.past.record(app, "staging").current?.request ?? "";
        story.undo("staging", 1);
        const again = { kind: "override" as const, reason: "the database is back" };
        story.allow("staging", 2);
        story.release("staging", 2, again);
        story.verdict("staging", "failed");
        story.undo("staging", 1, { of });
      },
      "was undone before",
    ],
    ["what goes back past a good one", (story) => story.undo("staging", 2), "to the last that was healthy"],
    ["what goes back without its pin", (story) => story.undo("staging", 1, { pin: 2 }), "is pinned"],
    [
      "what goes back though it did not fail",
      (story) => {
        story.undo("staging", 1);
        story.undo("staging", 1);
      },
      "only what failed goes back by itself",
    ],
    [
      "what goes back where it should stay",
      (story) => {
        story.words["testing 3"] = "bad";
        story.release("testing", 3);
        story.verdict("testing", "failed");
        story.undo("testing", 2);
      },
      "the config wants it back",
    ],
    [
      "a rollback that failed and goes back",
      (story) => {
        story.good(3, "testing");
        story.undo("staging", 1);
        story.words["staging 1"] = "slow";
        story.verdict("staging", "failed");
        story.undo("staging", 1);
      },
      "a rollback that failed stays",
    ],
    [
      "what failed and stays though there is a way back",
      (story) => {
        story.settled = true;
      },
      "what failed is back",
    ],
    [
      "what nobody looked at",
      (story) => {
        story.undo("staging", 1);
        story.settled = true;
      },
      "was looked at",
    ],
    [
      "gates that are passed by whom nobody named",
      (story) => story.release("production", 2, { ...incident, ...past("from") }, { ...broken("from"), by: "ada" }),
      "by whom the config names",
    ],
    [
      "gates that are passed by a name that nobody vouches for",
      (story) => {
        const actor = { name: breakGlass.user, verified: false };
        story.release("production", 2, { ...incident, actor, ...past("from") }, broken("from"));
      },
      "by whom the config names",
    ],
    [
      "a gate that is passed and was not named",
      (story) => story.release("production", 2, { ...incident, ...past("from") }, broken("freeze")),
      "from was named",
    ],
    [
      "a gate that is passed and is nobody's to pass",
      (story) => story.release("production", 2, { ...incident, ...past("soak") }, broken("soak")),
      "was rejected in staging",
    ],
    [
      "a gate that is passed and was not in the way",
      (story) => story.release("production", 1, { ...incident, ...past("freeze") }, broken("freeze")),
      "freeze was in the way",
    ],
    [
      "gates that are passed without being asked",
      (story) => story.release("production", 2, { ...incident, ...past("from") }),
      "gates are passed only when asked",
    ],
    ["what is taken out of where it would come back", (story) => story.remove("staging"), "nothing would put it back"],
    [
      "what is taken out and leaves its values",
      (story) => {
        story.release("production", 1);
        story.remove("production", { values: false });
      },
      "what was there before is back",
    ],
    [
      "what is taken out though it is pinned",
      (story) => {
        story.release("production", 1);
        story.pin("production", 1);
        story.remove("production");
      },
      "past what holds it only when asked",
    ],
    [
      "what is taken out and leaves its pin",
      (story) => {
        story.release("production", 1);
        story.pin("production", 1);
        story.remove("production", { keepsPin: true, act: { args: ["remove", "--override", "pin"] } });
      },
      "the pin goes",
    ],
    [
      "a first look that is written down twice",
      (story) => {
        story.words["testing 3"] = "bad";
        story.release("testing", 3);
        story.verdict("testing", "committed");
        story.verdict("testing", "committed");
      },
      "a first look is written down once",
    ],
  ])("sees %s", (_what, happens, words) => {
    const story = failedInStaging();
    happens(story);
    expect(() => story.audit()).toThrow(words);
  });
});
