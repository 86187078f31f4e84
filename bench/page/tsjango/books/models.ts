import { fields, Model } from "tsjango/db";

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  books: () => fields.related(Book, "author"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 200 }),
  pages: fields.integer(),
  published: fields.dateTime(),
  inStock: fields.boolean(),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}
