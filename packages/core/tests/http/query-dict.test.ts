import { ImmutableQueryDict, QueryDict } from "@tsjango/core/http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."%+=& 025f") }));
const pairs = fc.array(fc.tuple(text, text), { maxLength: 8 });

describe("QueryDict", () => {
  function roundTrip(parse: (text: string) => QueryDict): void {
    const property = fc.property(pairs, (entries) => {
      const dict = new QueryDict(entries.filter(([name, value]) => name + value !== ""));
      return JSON.stringify([...parse(dict.toString()).lists()]) === JSON.stringify([...dict.lists()]);
    });
    fc.assert(property, { seed: 5, numRuns: 300, endOnFailure: true });
  }

  test("what is written is read back", () => roundTrip((text) => QueryDict.parse(text)));

  test.each<[string, (text: string) => string]>([
    ["leaves + as it is", (text) => text.replaceAll("+", "%2B")],
    ["drops empty values", (text) => text.replace(/=(?=&|$)/g, "=x")],
    ["decodes twice", (text) => text.replaceAll("%25", "%")],
  ])("the property catches a parser that %s", (_what, flaw) => {
    expect(() => roundTrip((text) => QueryDict.parse(flaw(text)))).toThrow("Property failed");
  });

  test("it reads what browsers' own parser reads", () => {
    const text = fc.string({ unit: fc.constantFrom(..."a=&%+;09f"), maxLength: 30 });
    fc.assert(
      fc.property(text, (query) => {
        const expected = new URLSearchParams(query);
        const dict = QueryDict.parse(query);
        for (const name of expected.keys()) expect(dict.getAll(name)).toEqual(expected.getAll(name));
        expect([...dict.keys()].sort()).toEqual([...new Set(expected.keys())].sort());
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  test("several values: append, set, setDefault, update, lists, values", () => {
    const dict = QueryDict.parse("a=1&a=2&b=3");
    expect([...dict]).toEqual([
      ["a", "2"],
      ["b", "3"],
    ]);
    expect([...dict.values()]).toEqual(["2", "3"]);
    expect(dict.setDefault("a", "9") + dict.setDefault("c", "4")).toBe("24");
    dict.update(QueryDict.parse("a=5&d=6")).append("b", "7").set("c", ["8", "9"]);
    expect([...dict.lists()]).toEqual([
      ["a", ["1", "2", "5"]],
      ["b", ["3", "7"]],
      ["c", ["8", "9"]],
      ["d", ["6"]],
    ]);
    expect(dict.delete("a")).toBe(true);
    expect(dict.toString()).toBe("b=3&b=7&c=8&c=9&d=6");
    dict.clear();
    expect(dict.size).toBe(0);
  });

  test("an empty list of values is no value", () => {
    const dict = new QueryDict().set("a", []);
    expect([dict.get("a"), [...dict], [...dict.values()], dict.toString()]).toEqual([undefined, [], [], ""]);
  });

  test("safe characters stay as they are in a query string", () => {
    const dict = new QueryDict([["next", "/a&b/?x=ü"]]);
    expect(dict.toString({ safe: "/" })).toBe("next=/a%26b/%3Fx%3D%C3%BC");
    expect(dict.toString()).toBe("next=%2Fa%26b%2F%3Fx%3D%C3%BC");
  });

  test("a frozen one refuses every change, its copy takes them", () => {
    const dict = QueryDict.parse("a=1").freeze();
    const changes = [
      () => dict.append("a", "2"),
      () => dict.set("a", "2"),
      () => dict.setDefault("b", "2"),
      () => dict.update([["a", "2"]]),
      () => dict.delete("a"),
      () => dict.clear(),
    ];
    for (const change of changes) expect(change).toThrow(ImmutableQueryDict);
    expect(changes[0]).toThrow("This QueryDict instance is immutable");
    const copy = dict.copy().append("a", "2");
    expect([copy instanceof QueryDict, copy.toString(), dict.toString()]).toEqual([true, "a=1&a=2", "a=1"]);
  });

  test.each(["&".repeat(2000), "a&".repeat(1001), "&".repeat(1000)])(
    "more separators than fields are allowed are refused, none is dropped",
    (text) => {
      expect(() => QueryDict.parse(text)).toThrow("more than 1000 fields");
    },
  );

  test("2.5 MB of anything are read in linear time", () => {
    const start = performance.now();
    for (const piece of ["%", "+", "=", "%ff", "a=%"]) QueryDict.parse(piece.repeat(2_500_000 / piece.length));
    // Quadratic time would be minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
