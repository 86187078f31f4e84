import { Case, F, fields, Length, Model, Upper, Value, When } from "../../../src/index.ts";
import { SearchVector } from "../../../src/postgres/index.ts";

// The models of scripts/golden/golden_postgres/models.py.

export class Poet extends Model<Poet>()({
  name: fields.char({ maxLength: 100 }),
  poems: () => fields.related(Poem, "author"),
  posts: () => fields.related(Post, "author"),
}) {}

export class Poem extends Model<Poem>()({
  author: () => fields.foreignKey(Poet, { onDelete: "cascade" }),
  title: fields.char({ maxLength: 100 }),
  text: fields.text({ null: true }),
  language: fields.char({ maxLength: 20, default: "english" }),
  words: fields.searchVector({ null: true }),
  both: fields.generated({
    expression: SearchVector("title", { config: "english", weight: "A" }).plus(
      SearchVector("text", { config: "english", weight: "B" }),
    ),
    output: fields.searchVector(),
  }),
}) {}

export class Post extends Model<Post>()({
  author: () => fields.foreignKey(Poet, { onDelete: "setNull", null: true }),
  name: fields.char({ maxLength: 50 }),
  tags: fields.array(fields.char({ maxLength: 20 }), { default: [] }),
  scores: fields.array(fields.integer(), { null: true }),
  board: fields.array(fields.array(fields.integer()), { default: [] }),
  days: fields.array(fields.date(), { default: [] }),
  prices: fields.array(fields.decimal({ maxDigits: 8, decimalPlaces: 2 }), { default: [] }),
}) {}

export class Item extends Model<Item>()({
  name: fields.char({ maxLength: 50 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  count: fields.integer({ dbDefault: 3 }),
  state: fields.char({ maxLength: 10, dbDefault: "new" }),
  flags: fields.integer({ default: 0 }),
  good: fields.boolean({ null: true }),
  x: fields.float({ null: true }),
  y: fields.float({ null: true }),
  begins: fields.dateTime({ null: true }),
  ends: fields.dateTime({ null: true }),
  prefs: fields.json({ null: true }),
  total: fields.generated({
    expression: F("price").times(F("count")),
    output: fields.decimal({ maxDigits: 12, decimalPlaces: 2, null: true }),
  }),
  label: fields.generated({ expression: Upper("name"), output: fields.char({ maxLength: 50 }) }),
  size: fields.generated({ expression: Length("name"), output: fields.integer() }),
  mark: fields.generated({
    expression: Case(When({ good: true }, Value("yes")), { default: Value("no") }),
    output: fields.char({ maxLength: 3 }),
  }),
}) {}
