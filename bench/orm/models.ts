import { fields, Model } from "@tsjango/orm";

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  books: () => fields.related(Book, "author"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 200 }),
  pages: fields.integer(),
  published: fields.dateTime({ null: true }),
  inStock: fields.boolean(),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}
