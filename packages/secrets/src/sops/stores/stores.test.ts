import { describe, expect, test } from "vitest";
import { show } from "../../../test/show.ts";
import { Refusal } from "../refusals.ts";
import { readDotenv } from "./dotenv.ts";
import { unflatten } from "./flat-metadata.ts";
import { readIni } from "./ini.ts";
import { readJson } from "./json.ts";
import { readYaml } from "./yaml.ts";

const lines = (...all: string[]) => ["---", ...all];

describe("JSON", () => {
  test("keys keep their order, also such as look like numbers, and integers are whole", () => {
    const text =
      '{"10":1,"2":[9007199254740993,-9223372036854775808,9223372036854775808,1.0,1e2],"z":{"n":null,"e":{},"l":[]}}';
    expect(show([readJson(text)])).toEqual(
      lines(
        '10 int "1"',
        '2.0 int "9007199254740993"',
        '2.1 int "-9223372036854775808"',
        '2.2 float "9223372036854776000"',
        '2.3 float "1"',
        '2.4 float "100"',
        "z.n null",
        "z.e {}",
        "z.l []",
      ),
    );
  });

  test("signs in texts are text", () => {
    expect(show([readJson(String.raw`{"a\"b,{":"c:]}\\","é😀":"\u00e9\ud83d\ude00"}`)])).toEqual(
      lines(String.raw`a"b,{ str "c:]}\\"`, 'é😀 str "é😀"'),
    );
  });

  test.each([
    ["[1]", "it is no JSON object"],
    ['"text"', "it is no JSON object"],
    ["", "it is no JSON"],
    ['{"secret":hunter2}', "it is no JSON"],
    ['{"a":1} {"b":2}', "it is no JSON"],
    ['{"a":1e999}', "a number in it is too large"],
    [`{"a":${"[".repeat(200)}${"]".repeat(200)}}`, "it is nested too deep"],
  ])("%s is refused", (text, why) => {
    expect(() => readJson(text)).toThrow(new Refusal(why));
  });
});

describe("dotenv", () => {
  test("all that stands behind the first = is the value, and there are no quotes", () => {
    const text = '# top\nA=1\n\nB= x "y" =\nC=a\\nb\nD=\n E =\r\n#end';
    expect(show([readDotenv(text)])).toEqual(
      lines("# top", 'A str "1"', 'B str " x \\"y\\" ="', 'C str "a\\nb"', 'D str ""', ' E  str "\\r"', "#end"),
    );
  });

  test("a line without = is refused, and not repeated", () => {
    expect(() => readDotenv("A=1\nhunter2")).toThrow(new Refusal("a line of it has no ="));
  });
});

describe("INI", () => {
  test("sections, quotes and comments are those of ini.v1", () => {
    const text = `above = all
; about
; the web
[web]
# key
user = ada ; inline
"quo=ted": 'single'
\`back\` = \`p;w#d\`
multi = """a
 b"""
double = "x"
half = "x
user = again

[ empty ]
[db]
host=localhost
`;
    expect(show([readIni(text)])).toEqual(
      lines(
        'DEFAULT.above str "all"',
        "#about\n; the web",
        'web.user str "again"',
        "# key\n; inline".replace("# ", "#"),
        'web.quo=ted str "single"',
        'web.back str "p;w#d"',
        'web.multi str "a\\n b"',
        'web.double str "x"',
        'web.half str "\\"x"',
        " empty  {}",
        'db.host str "localhost"',
      ),
    );
  });

  test.each([
    ["[web", "the name of a section in it does not end"],
    ["[a]\n[a]", "the section a is there twice"],
    ["hunter2", "a line of it is no key with a value"],
    ["= x", "a line of it is no key with a value"],
    ["- = x", "a key of it has no name"],
    ["a = x\\\ny", "a line of it goes on in the next"],
    ["a = `x", "quotes in it do not end"],
  ])("%j is refused", (text, why) => {
    expect(() => readIni(text)).toThrow(new Refusal(why));
  });
});

describe("YAML", () => {
  test("scalars are those of go-yaml, quoted ones text, aliases what they name", () => {
    const text = `# top
a: &a {x: 017, y: 0x1F, z: 1_000}
b: *a
c: ['1', "2", 3, yes, true, ~, 2024-01-02, !!str 4]
d: |
  several
  lines
e: folded
  plain
<<: *a
`;
    expect(show(readYaml(text))).toEqual(
      lines(
        "# top",
        'a.x int "15"',
        'a.y int "31"',
        'a.z int "1000"',
        'b.x int "15"',
        'b.y int "31"',
        'b.z int "1000"',
        'c.0 str "1"',
        'c.1 str "2"',
        'c.2 int "3"',
        'c.3 str "yes"',
        'c.4 bool "True"',
        "c.5 null",
        'c.6 time "2024-01-02T00:00:00Z"',
        'c.7 str "4"',
        'd str "several\\nlines\\n"',
        'e str "folded plain"',
        '<<.x int "15"',
        '<<.y int "31"',
        '<<.z int "1000"',
      ),
    );
  });

  test("each document counts, and one of nothing is empty", () => {
    expect(show(readYaml("a: 1\n---\n# only this\n---\nb: 2\n"))).toEqual([
      "---",
      'a int "1"',
      "---",
      "# only this",
      "---",
      'b int "2"',
    ]);
  });

  test("comments stand before what they are about, those beside a value as well", () => {
    const text = "# one\na: 1 # two\nb:\n  # three\n  - x # four\n  # five\n  - y\n# six\nc: 2\n";
    expect(show(readYaml(text))).toEqual(
      lines(
        "# one",
        "# two",
        'a int "1"',
        "# three",
        "# four",
        'b.0 str "x"',
        "# five",
        'b.1 str "y"',
        "# six",
        'c int "2"',
      ),
    );
  });

  test.each([
    ["- a", "a document of it is no mapping"],
    ["text", "a document of it is no mapping"],
    ["a: [", "it is no YAML (BAD_INDENT)"],
    ["a: 1\na: 2", "a key of it is there twice"],
    ["1: a", "a key of it is no text"],
    ["true: a", "a key of it is no text"],
    ["a: 18446744073709551615", "a number in it needs all 64 bits, without a sign"],
    ["a: !!binary aGk=", "a value of it has the tag tag:yaml.org,2002:binary"],
    ["a: !x b", "a value of it has the tag !x"],
    ["a: *b", "an alias of it names nothing"],
    ["a: &a\n  b: *a", "it is nested too deep"],
  ])("%j is refused", (text, why) => {
    expect(() => readYaml(text)).toThrow(new Refusal(why));
  });
});

describe("metadata of flat stores", () => {
  const flat = (items: Record<string, string>) =>
    unflatten({
      kind: "map",
      items: Object.entries(items).map(([key, value]) => ({
        kind: "item",
        key,
        node: { kind: "value", value: { type: "str", value } },
      })),
    });

  test("is nested again", () => {
    const given = {
      mac: "m",
      age__list_1__map_enc: "two",
      age__list_0__map_enc: "one",
      age__list_0__map_recipient: "r",
    };
    expect(flat(given)).toEqual({ mac: "m", age: [{ enc: "one", recipient: "r" }, { enc: "two" }] });
  });

  test.each([
    [{ age__list_1: "b" }, "a list in its metadata has gaps"],
    [{ age__list_0: "a", age__map_x: "b" }, "a list in its metadata has gaps"],
    [{ age: "a", age__list_0: "b" }, "its metadata has a key twice"],
    [{ age__list_0: "a", age: "b" }, "its metadata has a key twice"],
  ])("%j is refused", (given, why) => {
    expect(() => flat(given as unknown as Record<string, string>)).toThrow(new Refusal(why));
  });

  test("names of what JavaScript knows are names", () => {
    expect(Object.keys(flat({ __proto__x: "a", constructor: "b" }))).toEqual(["__proto__x", "constructor"]);
  });
});
