import { type ChoiceOf, choices, fields, Model, manager, meta } from "../../src/index.ts";
import { Publisher } from "./publisher.ts";
export class Timestamped extends Model.abstract({
  createdAt: fields.dateTime({ autoNowAdd: true }),
  updatedAt: fields.dateTime({ autoNow: true }),
}) {
  get age() {
    return Date.now() - this.createdAt.getTime();
  }
  async touch() {
    this.updatedAt = new Date();
    await this.save();
  }
}
export const Status = choices({ draft: "Draft", done: "Published" });
export type Status = ChoiceOf<typeof Status>;
export class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  email: fields.char({ null: true, unique: true }),
  books: () => fields.related(Book, "author"),
  profile: () => fields.relatedOne(Profile, "author"),
}) {
  get initials() {
    return this.name
      .split(" ")
      .map((p) => p[0])
      .join("");
  }
}
export class Profile extends Model<Profile>()({
  bio: fields.text(),
  author: () => fields.oneToOne(Author, { onDelete: "cascade" }),
}) {}
export class Book extends Model<Book>().extends(Timestamped)({
  title: fields.char({ maxLength: 200 }),
  slug: fields.slug({ unique: true, default: "" }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  publisher: () => fields.foreignKey(Publisher, { onDelete: "setNull", null: true }),
  published: fields.dateTime({ null: true }),
  pages: fields.integer({ default: 0 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
  status: fields.char({ choices: Status, default: "draft" }),
  tags: () => fields.manyToMany(Tag),
}) {
  static override objects = manager<Book>()({
    published() {
      return this.filter({ published__isnull: false });
    },
    longerThan(n: number) {
      return this.published().filter({ pages__gt: n });
    },
  });
  static drafts = manager<Book>()({
    mine(a: Author) {
      return this.filter({ status: "draft", author: a });
    },
  });
  static override meta = meta<Book>((q) => ({
    ordering: ["-published", "author__name"],
    indexes: [["author", "-published"]],
    constraints: [{ check: q({ pages__gte: 0 }), name: "pages_positive" }],
  }));
  get shortTitle() {
    return this.title.slice(0, 20);
  }
  async isByAda() {
    return (await this.author).initials === "AL";
  }
}
export class Tag extends Model<Tag>()({
  label: fields.char(),
  parent: () => fields.foreignKey(Tag, { onDelete: "setNull", null: true }),
  children: () => fields.related(Tag, "parent"),
}) {}
