import { fields, Model, manager, meta, type SaveOptions, ValidationError } from "../../src/index.ts";

export class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 40 }),
  books: () => fields.related(Book, "tags"),
}) {
  static override meta = meta<Tag>({ ordering: ["label"] });
}

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 40 }),
  email: fields.email({ unique: true, null: true }),
  books: () => fields.related(Book, "author"),
  edited: () => fields.related(Book, "editor"),
}) {}

export class Book extends Model<Book>()({
  title: fields.char({ maxLength: 40 }),
  pages: fields.integer({ default: 0 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
  changed: fields.dateTime({ autoNow: true }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  editor: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  tags: () => fields.manyToMany(Tag),
  related: () => fields.manyToMany(Book, { symmetrical: true }),
  sequels: () => fields.manyToMany(Book, { symmetrical: false }),
}) {
  static override objects = manager<Book>()({
    long() {
      return this.filter({ pages__gt: 100 });
    },
  });
  static override meta = meta<Book>((q) => ({
    ordering: ["title"],
    constraints: [
      { check: q({ pages__gte: 0 }), name: "book_pages" },
      { check: q({ price__lte: "100.5" }), name: "book_price" },
      { unique: ["title", "author"], name: "book_title" },
      { unique: ["editor"], where: q({ pages__gt: 500 }), name: "book_editor" },
    ],
  }));

  override clean(): void {
    if (this.title === "Untitled") throw new ValidationError({ title: "Find a better one." });
    this.title = this.title.trim();
  }
}

export class Novel extends Book {
  static override objects = manager<Novel>()({
    long() {
      return this.filter({ pages__gt: 200 });
    },
  });
}

export class Copy extends Model<Copy>()({
  id: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }),
  book: () => fields.foreignKey(Book, { onDelete: "restrict" }),
  owner: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {}

export const NOBODY = 1_000_001;

export class Loan extends Model<Loan>()({
  borrower: () => fields.foreignKey(Author, { onDelete: "setDefault", default: NOBODY }),
  lender: () => fields.foreignKey(Author, { onDelete: { set: () => NOBODY }, null: true }),
  witness: () => fields.foreignKey(Author, { onDelete: "doNothing", null: true }),
}) {}

export class Contract extends Model<Contract>()({
  author: () => fields.foreignKey(Author, { onDelete: "protect" }),
}) {}

export class Club extends Model<Club>()({
  name: fields.char({ maxLength: 40 }),
  members: () => fields.manyToMany(Author, { through: Membership }),
}) {}

export class Membership extends Model<Membership>()({
  club: () => fields.foreignKey(Club, { onDelete: "cascade" }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  role: fields.char({ maxLength: 10 }),
}) {}

export class Line extends Model<Line>()({
  pk: fields.compositePrimaryKey("book", "number"),
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  number: fields.integer(),
  text: fields.char({ maxLength: 40, default: "" }),
}) {}

/** Two that refer to each other. */
export class Hen extends Model<Hen>()({
  egg: () => fields.foreignKey(Egg, { onDelete: "cascade", null: true, dbConstraint: false }),
}) {}
export class Egg extends Model<Egg>()({
  hen: () => fields.foreignKey(Hen, { onDelete: "cascade", null: true }),
}) {}

export class Slogan extends Model<Slogan>()({
  text: fields.char({ maxLength: 20 }),
  slug: fields.char({ maxLength: 20, default: "" }),
}) {
  /** How often this `save` ran. */
  static saves = 0;

  override async save(options?: SaveOptions<"text" | "slug">): Promise<void> {
    Slogan.saves++;
    this.slug = this.text.toLowerCase();
    await super.save(options);
  }
}
