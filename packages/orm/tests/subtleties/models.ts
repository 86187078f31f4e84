import { fields, Model, meta } from "../../src/index.ts";

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  age: fields.integer({ null: true }),
  boss: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  books: () => fields.related(Book, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });
}

export class Pub extends Model<Pub>()({
  name: fields.char({ maxLength: 100 }),
  books: () => fields.related(Book, "pub"),
}) {}

export class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 100 }),
  books: () => fields.related(Book, "tags"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 100 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  pub: () => fields.foreignKey(Pub, { onDelete: "setNull", null: true }),
  tags: () => fields.manyToMany(Tag),
  stores: () => fields.related(Store, "books"),
  price: fields.integer({ null: true }),
  year: fields.integer(),
}) {
  static override meta = meta<Book>({ ordering: ["author"] });
}

export class Store extends Model<Store>()({
  name: fields.char({ maxLength: 100 }),
  books: () => fields.manyToMany(Book),
}) {}

/** Without an order of its own, and with a column that a form of LIKE would take for a pattern. */
export class Note extends Model<Note>()({
  text: fields.char({ maxLength: 100 }),
}) {}
