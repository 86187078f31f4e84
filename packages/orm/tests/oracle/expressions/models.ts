import { Coalesce, F, fields, Model } from "../../../src/index.ts";

// One table with a column of each kind of value, and one that it refers to. Rows with unlike values, and with none.

export class Owner extends Model<Owner>()({
  name: fields.text(),
  n: fields.integer({ null: true }),
  items: () => fields.related(Item, "owner"),
}) {}

export class Item extends Model<Item>()({
  n: fields.integer(),
  m: fields.integer({ null: true }),
  t: fields.text(),
  u: fields.text({ null: true }),
  p: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  x: fields.float({ null: true }),
  d: fields.date({ null: true }),
  at: fields.dateTime({ null: true }),
  len: fields.duration({ null: true }),
  flag: fields.boolean(),
  data: fields.json({ null: true }),
  sum: fields.generated({ expression: F("n").plus(Coalesce("m", 10)), output: fields.integer() }),
  mark: fields.text({ dbDefault: "a" }),
  owner: () => fields.foreignKey(Owner, { onDelete: "cascade", null: true }),
}) {}
