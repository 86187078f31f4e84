import fc from "fast-check";
import {
  COLUMNS,
  type Columns,
  type Conflicts,
  type NewAmount,
  type Part,
  type Row,
  type Where,
  type Write,
} from "./spec.ts";

const code = fc.constantFrom("a", "A", "b", "ä", "é'", "\\%");
const shelf = fc.integer({ min: 1, max: 2 });
const slot = fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 });
const amount = fc.option(fc.integer({ min: -1, max: 3 }), { freq: 3 });
const note = fc.option(fc.constantFrom("x", "", "it's"), { freq: 3 });
const often = <T>(arbitrary: fc.Arbitrary<T>, tenths: number) =>
  fc.oneof({ weight: 10 - tenths, arbitrary: fc.constant(undefined) }, { weight: tenths, arbitrary });

const row: fc.Arbitrary<Row> = fc.record({ code, shelf, slot, amount, note });
const part = fc.record({ amount, note, slot, shelf }, { requiredKeys: [] }) as fc.Arbitrary<Part>;
const size = often(fc.integer({ min: 1, max: 2 }), 3);
const columns = fc.constantFrom<Columns>(["amount"], ["note"], ["amount", "note"]);
const newAmount: fc.Arbitrary<NewAmount> = fc.oneof(amount, fc.record({ plus: fc.integer({ min: -2, max: 2 }) }));

/** By what is unique, by what several rows may have, by what none has. */
const where: fc.Arbitrary<Where> = fc.record({
  columns: fc.oneof(
    { weight: 3, arbitrary: fc.record({ code }) },
    { weight: 2, arbitrary: fc.record({ shelf, slot }) },
    { weight: 1, arbitrary: fc.record({ note }) },
    { weight: 1, arbitrary: fc.record({ code, shelf }) },
  ) as fc.Arbitrary<Part>,
  least: often(fc.integer({ min: 0, max: 2 }), 2),
});

const conflicts: fc.Arbitrary<Conflicts> = fc.oneof(fc.constantFrom<Conflicts>("refuse", "ignore"), {
  weight: 3,
  arbitrary: fc.constantFrom("code" as const, "slot" as const).chain((unique) => {
    const able = COLUMNS.filter((each) => (unique === "code" ? each !== "code" : each !== "shelf" && each !== "slot"));
    return fc.record({ unique: fc.constant(unique), columns: fc.subarray(able, { minLength: 1 }) });
  }),
});

const bulkCreate: fc.Arbitrary<Write> = fc
  .record({
    kind: fc.constant("bulkCreate" as const),
    rows: fc.array(row, { maxLength: 4 }),
    conflicts,
    size,
  })
  .map((each) => ({
    ...each,
    rows: each.rows.filter((one, index) => !isRepeated(each.rows.slice(0, index), one, each.conflicts)),
  }));

/** PostgreSQL refuses two rows of one statement that would update the same one. */
function isRepeated(before: readonly Row[], one: Row, given: Conflicts): boolean {
  if (given === "refuse" || given === "ignore") return false;
  return before.some((other) =>
    given.unique === "code" ? other.code === one.code : other.shelf === one.shelf && other.slot === one.slot,
  );
}

const change = fc.record({ place: fc.nat({ max: 5 }), amount: newAmount, note });

const write: fc.Arbitrary<Write> = fc.oneof(
  row.map((each): Write => ({ kind: "create", row: each })),
  { weight: 3, arbitrary: bulkCreate },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("getOrCreate" as const), where, defaults: part }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("updateOrCreate" as const),
      where,
      defaults: part,
      forNew: often(part, 3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("bulkUpdate" as const),
      changes: fc.uniqueArray(change, { maxLength: 3, selector: ({ place }) => place }),
      columns,
      size,
    }),
  },
  fc.record({
    kind: fc.constant("save" as const),
    place: fc.nat({ max: 5 }),
    values: part,
    columns: often(columns, 5),
  }),
  fc.record({ kind: fc.constant("update" as const), where, amount: newAmount, note }),
  fc.record({ kind: fc.constant("delete" as const), where }),
);

/** What is written one after the other. */
export const writes: fc.Arbitrary<readonly Write[]> = fc.array(write, { minLength: 1, maxLength: 6 });

/** Rows that do not stand in each other's way. */
export const tables: fc.Arbitrary<readonly Row[]> = fc
  .array(row, { maxLength: 4, minLength: 2 })
  .map((rows) =>
    rows.filter((one, index) =>
      rows
        .slice(0, index)
        .every(
          (other) =>
            other.code !== one.code && (one.slot === null || other.shelf !== one.shelf || other.slot !== one.slot),
        ),
    ),
  );
