import { fields, Model, meta } from "../../src/index.ts";

// One nullable and one mandatory relation of each kind, and columns of each kind of value, with and without null.

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 20 }),
  age: fields.integer({ null: true }),
  boss: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  team: () => fields.related(Author, "boss"),
  books: () => fields.related(Book, "author"),
  edited: () => fields.related(Book, "editor"),
  reviews: () => fields.related(Review, "by"),
  profile: () => fields.relatedOne(Profile, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name", "id"] });
}

export class Profile extends Model<Profile>()({
  author: () => fields.oneToOne(Author, { onDelete: "cascade" }),
  motto: fields.char({ maxLength: 20, null: true }),
  lucky: fields.integer(),
}) {}

export class Publisher extends Model<Publisher>()({
  name: fields.char({ maxLength: 20 }),
  city: fields.char({ maxLength: 20, null: true }),
  books: () => fields.related(Book, "publisher"),
}) {}

export class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 20 }),
  weight: fields.integer({ null: true }),
  parent: () => fields.foreignKey(Tag, { onDelete: "setNull", null: true }),
  children: () => fields.related(Tag, "parent"),
  books: () => fields.related(Book, "tags"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 20 }),
  pages: fields.integer(),
  stock: fields.integer({ null: true }),
  price: fields.decimal({ maxDigits: 6, decimalPlaces: 2, null: true }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  editor: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  publisher: () => fields.foreignKey(Publisher, { onDelete: "setNull", null: true }),
  tags: () => fields.manyToMany(Tag),
  reviews: () => fields.related(Review, "book"),
}) {}

export class Review extends Model<Review>()({
  stars: fields.integer({ null: true }),
  text: fields.char({ maxLength: 20 }),
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  by: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
}) {}
