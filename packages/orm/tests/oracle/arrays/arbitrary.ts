import fc from "fast-check";
import {
  type Condition,
  LISTS,
  type List,
  type ListPath,
  type Lookup,
  type Operand,
  type Part,
  type Question,
  type Row,
  type Scalar,
} from "./spec.ts";

const text = fc.constantFrom("a", "A", "ab", "ä", "", "NULL", 'é"\\', "{}");
const number = fc.integer({ min: -1, max: 3 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 });
const often = <T>(arbitrary: fc.Arbitrary<T>, tenths: number) =>
  fc.oneof({ weight: 10 - tenths, arbitrary: fc.constant(undefined) }, { weight: tenths, arbitrary });
const list = (of: fc.Arbitrary<Scalar>): fc.Arbitrary<List> => fc.array(of, { maxLength: 3 });

/** Few values, so that lists meet each other. */
export const tables: fc.Arbitrary<readonly Row[]> = fc
  .array(
    fc.record({
      name: text,
      tags: list(text),
      words: orNull(list(orNull(text))),
      nums: orNull(list(orNull(number))),
      marks: orNull(list(text)),
    }),
    { minLength: 4, maxLength: 7, size: "max" },
  )
  .map((rows) => rows.map((row, index) => ({ id: index + 1, ...row })));

const listPath = fc.constantFrom(...(Object.keys(LISTS) as ListPath[]));
const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 3, arbitrary: listPath.map((of): Part => ({ of, kind: "list" })) },
  listPath.map((of): Part => ({ of, kind: "len" })),
  fc.record({ of: listPath, kind: fc.constant("at" as const), index: fc.nat({ max: 3 }) }),
  fc
    .record({ of: listPath, kind: fc.constant("slice" as const), from: fc.nat({ max: 2 }), more: fc.nat({ max: 2 }) })
    .map(({ more, ...rest }) => ({ ...rest, to: rest.from + more })),
);

const OF_LISTS: readonly Lookup[] = ["exact", "contains", "containedBy", "overlap", "gt", "gte", "lt", "lte", "in"];
const OF_NUMBERS: readonly Lookup[] = ["exact", "gt", "gte", "lt", "lte", "in"];
const OF_TEXTS: readonly Lookup[] = [...OF_NUMBERS, "icontains", "startswith"];

/** What a lookup on a part compares it with. */
function operand(of: Part, lookup: Lookup): fc.Arbitrary<Operand> {
  const element: fc.Arbitrary<Scalar> = LISTS[of.of] === "text" ? text : number;
  const holdsNull = of.of === "words" || of.of === "nums";
  if (of.kind === "len" || of.kind === "at") {
    const value: fc.Arbitrary<Scalar> = of.kind === "len" ? number : element;
    return lookup === "in" ? list(value) : value;
  }
  if (lookup === "in") return fc.array(list(element), { maxLength: 2 });
  // Of another list with the same kind of elements.
  const others = (Object.keys(LISTS) as ListPath[]).filter((each) => LISTS[each] === LISTS[of.of]);
  const column = fc.constantFrom(...others).map((path): Operand => ({ column: { of: path, kind: "list" } }));
  return fc.oneof({ weight: 4, arbitrary: list(holdsNull && lookup === "exact" ? orNull(element) : element) }, column);
}

const asked: fc.Arbitrary<Condition> = part.chain((of) => {
  const ofLists = of.kind === "list" || of.kind === "slice";
  const lookups = ofLists ? OF_LISTS : of.kind === "at" && LISTS[of.of] === "text" ? OF_TEXTS : OF_NUMBERS;
  const plain = fc
    .constantFrom(...lookups)
    .chain((lookup) => operand(of, lookup).map((value): Condition => ({ kind: "lookup", of, lookup, value })));
  const missing = fc.boolean().map((value): Condition => ({ kind: "lookup", of, lookup: "isnull", value }));
  return fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: missing });
});

function condition(depth: number): fc.Arbitrary<Condition> {
  if (depth === 0) return asked;
  const child = condition(depth - 1);
  const several = fc.record({
    kind: fc.constantFrom("and" as const, "or" as const),
    children: fc.array(child, { minLength: 2, maxLength: 2 }),
  });
  const not = child.map((each): Condition => ({ kind: "not", child: each }));
  return fc.oneof({ weight: 3, arbitrary: asked }, several, { weight: 2, arbitrary: not });
}

export const questions: fc.Arbitrary<Question> = fc.record({
  condition: often(condition(2), 9),
  shown: fc.array(part, { maxLength: 2 }),
  order: often(fc.record({ by: part, descending: fc.boolean() }), 5),
  groups: often(fc.record({ by: part, distinct: fc.boolean(), filter: often(asked, 4) }), 2),
});
