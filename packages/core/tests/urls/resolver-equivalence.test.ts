import {
  type Include,
  include,
  path,
  registerConverter,
  rePath,
  reverseIn,
  type UrlEntry,
  UrlResolver,
  urls,
} from "@tsjango/core/urls";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Candidates, literalSegments } from "../../src/urls/candidates.ts";

declare module "@tsjango/core/urls" {
  interface Converters {
    even: number;
  }
}
registerConverter("even", {
  pattern: "[0-9]+",
  parse: (text) => (Number(text) % 2 === 0 ? Number(text) : undefined),
  format: (value) => (Number(value) % 2 === 0 ? String(value) : undefined),
});

// Eight paths each: TSJANGO_RESOLVER_CASES=10000 is the long run.
const CASES = Number(process.env["TSJANGO_RESOLVER_CASES"] ?? 400);
const SEED = Number(process.env["TSJANGO_RESOLVER_SEED"] ?? 20_261);

/** A pattern as it is generated: a route, and what is mounted there. */
interface Generated {
  readonly route: string;
  readonly regex: boolean;
  readonly below: readonly Generated[] | undefined;
}

const loosePath = path as unknown as (route: string, target: unknown) => UrlEntry;
const looseRePath = rePath as unknown as (route: string, target: unknown) => UrlEntry;
const looseInclude = include as unknown as (patterns: readonly UrlEntry[]) => Include;

/** Each view has a name of its own, so that a match says which pattern it is. */
function build(generated: readonly Generated[], prefix = ""): readonly UrlEntry[] {
  return urls(
    ...generated.map(({ route, regex, below }, index) => {
      const name = `${prefix}${index}`;
      const target = below === undefined ? { [name]: () => undefined }[name] : looseInclude(build(below, `${name}.`));
      return regex ? looseRePath(route, target) : loosePath(route, target);
    }),
  );
}

/** What the page says: every pattern in order, the first one wins. Knows nothing of the resolver. */
function naive(entries: readonly UrlEntry[], path: string, at = 1, params: object = {}): [string, object] | undefined {
  for (const entry of entries) {
    const found = entry.compiled.match(path, at);
    if (found === undefined) continue;
    const all = { ...params, ...found.params };
    if (!("include" in entry)) return [entry.view.name, all];
    const deeper = naive(entry.include.patterns as readonly UrlEntry[], path, found.end, all);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

const words = ["a", "b", "ab", "2026", "x-y", "", "é"];
const segment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words.map((word) => `${word}/`)) },
  { weight: 3, arbitrary: fc.constantFrom("<int:n>/", "<s>/", "<slug:s>/", "<even:n>/", "a<int:n>/", "<path:p>/") },
  { weight: 1, arbitrary: fc.constantFrom("a", "ab", "/", "b/<s>-a/") },
);
/** A route of a few segments; a parameter's name is used once. */
const route = fc
  .array(segment, { maxLength: 3 })
  .map((segments) => segments.filter((text, index) => !text.includes("<") || segments.indexOf(text) === index))
  .map((segments) => {
    let count = 0;
    return segments.join("").replace(/<(\w+:)?\w+>/g, (_all, kind = "") => `<${kind}p${count++}>`);
  });
const plain = fc.record({ route, regex: fc.constant(false) });
const regular = fc.record({ route: fc.constantFrom("^a/", "^(?<r>[ab])/", "b/$", "^$"), regex: fc.constant(true) });
const pattern = (depth: number): fc.Arbitrary<Generated> =>
  fc
    .record({
      own: fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: regular }),
      below:
        depth === 0
          ? fc.constant(undefined)
          : fc.option(fc.array(pattern(depth - 1), { maxLength: 8 }), { nil: undefined, freq: 3 }),
    })
    .map(({ own, below }) => ({ ...own, below }));
const table = fc.array(pattern(2), { minLength: 1, maxLength: 24 });
const requested = fc
  .array(fc.constantFrom(...words, "7", "8", "a7", "c"), { maxLength: 5 })
  .chain((parts) => fc.constantFrom(`/${parts.join("/")}`, `/${parts.join("/")}/`));

/** Runs the property; gives the counterexample, if there is one. */
function compare(index: typeof Candidates.of, numRuns: number) {
  let matched = 0;
  const property = fc.property(table, fc.array(requested, { minLength: 8, maxLength: 8 }), (generated, paths) => {
    const entries = build(generated);
    const resolver = new UrlResolver(entries, {}, index);
    for (const path of paths) {
      const match = resolver.find(path);
      const found = match === undefined ? undefined : [match.view.name, match.params];
      const expected = naive(entries, path);
      if (expected !== undefined) matched++;
      if (JSON.stringify(found) !== JSON.stringify(expected)) return false;
    }
    return true;
  });
  return { details: fc.check(property, { numRuns, seed: SEED, verbose: 0 }), matched };
}

describe("the resolver is the same as trying every pattern in order", () => {
  test("for tables and paths of all kinds", { timeout: 30_000 + CASES * 20 }, () => {
    const { details, matched } = compare(Candidates.of, CASES);
    expect(details.counterexample, `seed ${details.seed}`).toBeNull();
    expect(matched).toBeGreaterThan(CASES);
  });

  // Bugs that an index could have; the property must see each of them.
  const planted: Record<string, typeof Candidates.of> = {
    "a prefix without its slash counts as a whole segment": (entries) =>
      Candidates.of(entries, (entry) =>
        entry.compiled.literal
          .split("/")
          .filter(Boolean)
          .map((part) => `${part}/`),
      ),
    "an include is taken for a whole route": (entries) =>
      Candidates.of(entries, (entry) => {
        const parts = entry.compiled.literal.split("/");
        const last = parts.pop() as string;
        return [...parts.map((part) => `${part}/`), ...(entry.compiled.literal === "" ? [] : [last])];
      }),
    "routes with fixed text come first": (entries) =>
      Candidates.of(entries.toSorted((a, b) => b.compiled.literal.length - a.compiled.literal.length)),
    "empty segments are skipped": (entries) =>
      Candidates.of(entries, (entry) => literalSegments(entry).filter((segment) => segment !== "/")),
  };
  test.for(Object.entries(planted))("and the comparison catches: %s", ([, index]) => {
    expect(compare(index, Math.max(CASES, 400)).details.failed).toBe(true);
  });
});

describe("resolving what was reversed gives the same", () => {
  const view = () => undefined;
  const site = new UrlResolver(
    urls(
      path("int/<int:n>/", view, { name: "int" }),
      path("str/<s>/", view, { name: "str" }),
      path("two/<slug:a>-<int:b>/end", view, { name: "two" }),
      path("uuid/<uuid:id>/", view, { name: "uuid" }),
      path("even/<even:n>/", view, { name: "even" }),
      path("path/<path:rest>", view, { name: "path" }),
      path("in/<s>/", include(urls(path("<int:n>/", view, { name: "deep" })), { namespace: "in" })),
      rePath("^re/(?<year>[0-9]{4})/(?:page-(?<page>[1-9][0-9]*)/)?$", view, { name: "re" }),
    ),
  );
  const text = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((value) => value.isWellFormed() && !/[/\r\n]/.test(value));
  const values: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
    int: fc.record({ n: fc.maxSafeNat() }),
    str: fc.record({ s: text }),
    two: fc.record({ a: fc.stringMatching(/^[-a-zA-Z0-9_]+$/), b: fc.nat() }),
    uuid: fc.record({ id: fc.uuid() }),
    even: fc.record({ n: fc.nat().map((n) => n * 2) }),
    path: fc.record({ rest: fc.array(text, { minLength: 1 }).map((parts) => parts.join("/")) }),
    "in:deep": fc.record({ s: text, n: fc.nat() }),
    re: fc.record(
      { year: fc.stringMatching(/^[0-9]{4}$/), page: fc.integer({ min: 1 }).map(String) },
      { requiredKeys: ["year"] },
    ),
  };
  test.for(Object.entries(values))("%s", ([name, params]) => {
    fc.assert(
      fc.property(params, (given) => {
        const match = site.resolve(decodeURIComponent(reverseIn(site, name, given)));
        expect(match.viewName).toBe(name);
        expect({ ...match.params }).toEqual(given);
      }),
      { numRuns: 300, seed: 20_262 },
    );
  });
});
