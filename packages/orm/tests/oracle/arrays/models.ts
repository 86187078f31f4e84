import { fields, Model } from "../../../src/index.ts";

// Lists of texts and of numbers, with and without null, of rows and of the rows that they refer to.

export class Shelf extends Model<Shelf>()({
  marks: fields.array(fields.text()),
  boxes: () => fields.related(Box, "shelf"),
}) {}

export class Box extends Model<Box>()({
  name: fields.text(),
  tags: fields.array(fields.text()),
  words: fields.array(fields.text({ null: true }), { null: true }),
  nums: fields.array(fields.integer({ null: true }), { null: true }),
  shelf: () => fields.foreignKey(Shelf, { onDelete: "cascade", null: true }),
}) {}
