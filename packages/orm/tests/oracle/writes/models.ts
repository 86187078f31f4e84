import { F, fields, Model, meta } from "../../../src/index.ts";

// A table with a column and a pair of columns that are unique, and columns that the database fills in.

export class Stock extends Model<Stock>()({
  code: fields.char({ maxLength: 10, unique: true }),
  shelf: fields.integer(),
  slot: fields.integer({ null: true }),
  amount: fields.integer({ null: true }),
  note: fields.text({ null: true }),
  twice: fields.generated({ expression: F("amount").times(2), output: fields.integer({ null: true }) }),
  state: fields.text({ dbDefault: "new" }),
}) {
  static override meta = meta<Stock>({ constraints: [{ unique: ["shelf", "slot"], name: "one_in_a_slot" }] });
}
