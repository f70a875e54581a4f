import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quiet, quietSubject } from "./quiet.ts";
import { commitMessage, parseTrailers } from "./trailers.ts";

describe("a person's text in a commit message", () => {
  it.each([
    ["release it [skip ci]", "release it (skip ci)"],
    ["[CI SKIP] [no ci][skip actions] [skip-ci]", "(CI SKIP) (no ci)(skip actions) (skip-ci)"],
    ["[ciskip] [skipci] [NoCI]", "(ciskip) (skipci) (NoCI)"],
    ["[[ci skip]] ***NO_CI***", "(ci skip) NO_CI"],
    ["closes #12, acme/web#3 and GH-4", "closes # 12, acme/web# 3 and GH 4"],
    ["ACME-12 #done", "ACME-12 # done"],
    ["fixes: https://git.test/acme/web/-/issues/5", "fixes: (https://git.test/acme/web/-/issues/5)"],
    ["Resolves ACME-12", "Resolves (ACME-12)"],
    ["as @acme/admins and @ada asked, ask ada@acme.test", "as @ acme/admins and @ ada asked, ask ada@acme.test"],
    ["incident 42: [urgent] ÿ $(id) `x`", "incident 42: [urgent] ÿ $(id) `x`"],
  ])("%s stays readable and acts on nothing", (text, said) => {
    expect(quiet(text)).toBe(said);
    expect(quiet(said)).toBe(said);
  });

  it("holds no marker, reference or mention, whatever it is", () => {
    const part = fc.constantFrom(
      ...[
        "[",
        "]",
        "skip",
        "ci",
        "no",
        " ",
        "-",
        "#",
        "1",
        "@",
        "ada",
        "closes",
        ":",
        "//",
        "***NO_CI***",
        "GH-",
        "/",
        "_",
      ],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const said = quiet(parts.join(""));
        expect(said).not.toMatch(/\[(?:skip[ -]?ci|ci[ -]?skip|no[ -]?ci)\]|#\w|(?<!\w)@\w|\bGH-\d|\*\*\*NO_CI\*\*\*/i);
      }),
    );
  });

  it("is no command and no trailer of ours where a message begins with it", () => {
    expect(quietSubject(" /tag v1")).toBe("tag v1");
    expect(quietSubject("Glu-Request: forged")).toBe("Glu Request: forged");
    const block = {
      request: "r",
      app: "web",
      environment: "staging",
      kind: "promotion",
      reason: "closes #12 [skip ci]",
      actor: "@ada",
    };
    const message = commitMessage("Glu-Request: forged [skip ci]", [], [block]);
    expect(message).not.toMatch(/\[skip ci\]|#12|@ada|^Glu-Request: forged/m);
    expect(parseTrailers(message)).toEqual([{ ...block, reason: "closes # 12 (skip ci)", actor: "@ ada" }]);
  });
});
