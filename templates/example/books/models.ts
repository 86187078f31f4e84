import { fields, Model, manager, meta } from "tsjango/db";

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100, unique: true }),
  books: () => fields.related(Book, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });

  get initials(): string {
    return this.name
      .split(" ")
      .map((part) => part.charAt(0))
      .join("");
  }
}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 200 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  year: fields.integer(),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
}) {
  static override objects = manager<Book>()({
    /** Books under ten. */
    cheap() {
      return this.filter({ price__lt: "10" });
    },
  });
  static override meta = meta<Book>({ ordering: ["title"] });
}
