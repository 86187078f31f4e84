import { fields, Model } from "tsjango/db";

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100, unique: true }),
  books: () => fields.related(Book, "author"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 200 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}

/** A factory cannot make the first of them. */
export class Link extends Model<Link>()({
  next: () => fields.foreignKey(Link, { onDelete: "cascade" }),
}) {}
