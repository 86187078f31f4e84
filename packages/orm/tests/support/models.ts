import { type ChoiceOf, choices, fields, Model, manager, meta } from "../../src/index.ts";

export class Timestamped extends Model.abstract({
  createdAt: fields.dateTime({ autoNowAdd: true }),
  updatedAt: fields.dateTime({ autoNow: true }),
}) {
  get age(): number {
    return this.updatedAt.getTime() - this.createdAt.getTime();
  }
}

export const Status = choices({ draft: "Draft", done: "Published" });
export type Status = ChoiceOf<typeof Status>;

export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  email: fields.email({ unique: true, null: true }),
  boss: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  books: () => fields.related(Book, "author"),
  profile: () => fields.relatedOne(Profile, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });

  get initials(): string {
    return this.name
      .split(" ")
      .map((part) => part[0])
      .join("");
  }
}

export class Profile extends Model<Profile>()({
  bio: fields.text({ default: "" }),
  author: () => fields.oneToOne(Author, { onDelete: "cascade" }),
}) {}

export class Publisher extends Model<Publisher>()({
  id: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }),
  name: fields.char({ maxLength: 100 }),
}) {}

export class Book extends Model<Book>().extends(Timestamped)({
  title: fields.char({ maxLength: 200 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  publisher: () => fields.foreignKey(Publisher, { onDelete: "protect", null: true }),
  reviews: () => fields.related(Review, "book"),
  published: fields.dateTime({ null: true }),
  bought: fields.date({ null: true }),
  pages: fields.integer({ default: 0 }),
  stock: fields.smallInteger({ null: true }),
  sold: fields.bigInteger({ default: 0n }),
  weight: fields.float({ null: true }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
  translated: fields.boolean({ default: false }),
  extra: fields.json<{ tags: string[] }>({ null: true }),
  status: fields.char({ choices: Status, default: "draft" }),
}) {
  static override objects = manager<Book>()({
    published() {
      return this.filter({ published__isnull: false });
    },
    longerThan(pages: number) {
      return this.published().filter({ pages__gt: pages });
    },
  });
  static override meta = meta<Book>((q) => ({
    ordering: ["title"],
    indexes: [["author", "-published"]],
    constraints: [{ check: q({ pages__gte: 0 }), name: "pages_not_negative" }],
  }));

  get shortTitle(): string {
    return this.title.slice(0, 3);
  }
}

export class Review extends Model<Review>()({
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  stars: fields.positiveInteger({ null: true }),
  text: fields.text({ default: "" }),
}) {}

/** A proxy: the same rows by another name. */
export class OldBook extends Book {
  static override objects = manager<OldBook>()({
    published() {
      return this.filter({ published__isnull: false });
    },
    longerThan(pages: number) {
      return this.filter({ pages__gt: pages });
    },
  });

  get isOld(): boolean {
    return true;
  }
}
