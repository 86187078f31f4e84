import fc from "fast-check";
import { expect } from "vitest";
import type { Backend, CompiledStatement } from "../../src/backends/base/backend.ts";
import { QUERY } from "../../src/expressions/symbols.ts";
import { Case, Coalesce, Count, F, Q, When } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { QuerySet } from "../../src/query/query-set.ts";
import { Bound } from "../../src/sql/bound.ts";
import { compileRows } from "../../src/sql/compiler.ts";
import { planRows } from "../../src/sql/plan-cache.ts";
import { newQuery, type Query } from "../../src/sql/query.ts";
import { Shape } from "../../src/sql/shape.ts";
import { Book } from "../support/models.ts";

const text = fc.oneof(fc.constantFrom("", "a", "100%", "[x]*", "Ärger", "2.50"), fc.string({ maxLength: 5 }));
const whole = fc.integer({ min: -3, max: 30_000 });
const moment = fc.date({ min: new Date("0005-01-01"), max: new Date("9990-01-01"), noInvalidDate: true });
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 5 });
const listOf = <T>(values: fc.Arbitrary<T>) => fc.array(orNull(values), { maxLength: 20 });

/** Lookups with the values that they take, good and bad. */
const LOOKUPS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  title: orNull(fc.oneof(text, whole)),
  title__in: listOf(text),
  title__icontains: text,
  title__startswith: fc.oneof(text, whole),
  title__regex: fc.constantFrom("a+", "^b", "("),
  pages: orNull(fc.oneof(whole, fc.constantFrom(1.5, "1", true))),
  pages__gt: fc.oneof(whole, fc.constant(F("stock"))),
  pages__in: listOf(whole),
  pages__range: fc.tuple(whole, whole),
  stock__isnull: fc.boolean(),
  price: fc.constantFrom("1.50", "1.5", "2", "x"),
  sold__gte: fc.oneof(fc.bigInt({ min: -9n, max: 2n ** 62n }), whole),
  translated: fc.boolean(),
  weight__lt: fc.double({ noNaN: true, noDefaultInfinity: true }),
  published: orNull(moment),
  published__year: fc.oneof(fc.integer({ min: -2, max: 10_001 }), fc.constant(2026)),
  published__year__in: listOf(fc.integer({ min: 1, max: 9999 })),
  author__name: orNull(text),
  author__boss__name__in: listOf(text),
  reviews__stars__gte: whole,
  extra__a: fc.oneof(text, whole, fc.constant(null)),
  author__in: fc.constantFrom("a", "b").map((name) => rows().filter({ title: name }).values("author")),
};

const lookups = fc
  .subarray(Object.keys(LOOKUPS), { minLength: 1, maxLength: 2 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, LOOKUPS[name] as fc.Arbitrary<unknown>]))));

type Step = (rows: QuerySet) => QuerySet;
const value = fc.oneof(whole, fc.constantFrom(0, 1, 7));

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: lookups.map(
      (given): Step =>
        (rows) =>
          rows.filter(given),
    ),
  },
  lookups.map(
    (given): Step =>
      (rows) =>
        rows.exclude(given),
  ),
  fc.tuple(lookups, lookups, fc.constantFrom("and" as const, "or" as const, "xor" as const)).map(
    ([a, b, operator]): Step =>
      (rows) =>
        rows.filter((Q(a) as unknown as Record<string, (other: object) => object>)[operator]?.(Q(b))),
  ),
  fc.tuple(value, value).map(
    ([add, than]): Step =>
      (rows) => {
        const name = `more${rows[QUERY].steps.length}`;
        return rows.annotate({ [name]: F("pages").plus(add) }).filter({ [`${name}__gt`]: than });
      },
  ),
  fc.tuple(value, text, text).map(
    ([pages, long, short]): Step =>
      (rows) =>
        rows.annotate({
          [`size${rows[QUERY].steps.length}`]: Case(When({ pages__gt: pages }, long), { default: short }),
        }),
  ),
  value.map(
    (or): Step =>
      (rows) =>
        rows.annotate({ [`stock${rows[QUERY].steps.length}`]: Coalesce(F("stock"), or) }),
  ),
  value.map(
    (least): Step =>
      (rows) => {
        const name = `n${rows[QUERY].steps.length}`;
        return rows.annotate({ [name]: Count("reviews") }).filter({ [`${name}__gte`]: least });
      },
  ),
);

const ends: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((rows) => rows),
  fc.constant<Step>((rows) => rows.orderBy("-pages", "title").selectRelated("author__boss")),
  value.map(
    (add): Step =>
      (rows) =>
        rows.orderBy(F("pages").plus(add).desc()).distinct(),
  ),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).map(
    ([start, end]): Step =>
      (rows) =>
        rows.slice(start, start + end),
  ),
  fc.constant<Step>((rows) => rows.values("title", "author__name")),
  fc.constant<Step>((rows) => rows.only("title").reverse()),
);

const queries = fc.tuple(fc.array(steps, { minLength: 1, maxLength: 2 }), ends).map(
  ([some, end]) =>
    (): Query =>
      end(some.reduce((rows, step) => step(rows), rows()))[QUERY],
);

function rows(): QuerySet {
  return new QuerySet(newQuery(Book as unknown as ModelType, "default"));
}

/** SQL and parameters, or what the compiler says against the query. */
function outcome(run: () => { readonly statement: CompiledStatement } | undefined): unknown {
  try {
    const statement = run()?.statement;
    if (statement === undefined) return "no rows";
    const { sql, parameters } = statement;
    return { sql, parameters: parameters.map((each) => (each instanceof Bound ? each.now : each)) };
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** For random queries that share few shapes: what a kept plan gives is what compiling the query gives. */
export function plansAreWhatCompilingGives(backend: Backend, { cases, seed }: { cases: number; seed: number }): void {
  fc.assert(
    fc.property(queries, (make) => {
      let query: Query;
      try {
        query = make();
      } catch {
        return;
      }
      const twice = [planRows, planRows].map((plan) => outcome(() => plan(backend, query)));
      const plain = outcome(() => compileRows(backend, query));
      // Lists are filled up to a length that others share.
      const padded = outcome(() => compileRows(backend, new Shape("", true).query(query)));
      for (const planned of twice) expect([plain, padded]).toContainEqual(planned);
    }),
    { numRuns: cases, seed },
  );
}
