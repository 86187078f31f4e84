import { type ChoiceOf, choices, fields, Model, manager, meta, type PkOf, type Related } from "../../src/index.ts";
import { Author, Book, type Publisher, type Status, type Timestamped } from "../support/models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => {};

export async function values(book: Book, author: Author) {
  is<Equal<typeof book.id, number>>();
  is<Equal<typeof book.title, string>>();
  is<Equal<typeof book.published, Date | null>>();
  is<Equal<typeof book.sold, bigint>>();
  is<Equal<typeof book.price, string>>();
  is<Equal<typeof book.extra, { tags: string[] } | null>>();
  is<Equal<typeof book.status, "draft" | "done">>();
  is<Equal<typeof book.publisherId, string | null>>();
  is<Equal<PkOf<Publisher>, string>>();
  is<Equal<typeof book.author, Related<Author>>>();
  is<Equal<ChoiceOf<typeof Status>, "draft" | "done">>();
  const display: "Draft" | "Published" = book.getStatusDisplay();
  const age: number = book.age;
  const initials: string = (await book.author).initials;
  // @ts-expect-error a relation that is not loaded cannot be read
  book.author.name;
  book.author = author;
  // @ts-expect-error a text is no Author
  book.author = "jane";
  // @ts-expect-error not one of the choices
  book.status = "gone";
  // @ts-expect-error no such field
  book.titel;
  return [display, age, initials];
}

export const levels = choices({ low: "Low", high: "High" });
export class Task extends Model<Task>()({
  level: fields.char({ choices: levels, default: "low" }),
  size: fields.integer({ choices: [1, 2, 3] }),
  parent: () => fields.foreignKey(Task, { onDelete: "cascade", null: true }),
  children: () => fields.related(Task, "parent"),
}) {
  static override meta = meta<Task>((q) => ({
    ordering: ["-size", "parent__size"],
    constraints: [{ check: q({ size__gte: 1 }), name: "size_positive" }],
  }));
}
is<Equal<Task["size"], 1 | 2 | 3>>();
is<Equal<Task["parentId"], number | null>>();

export class Keyed extends Model<Keyed>()({
  task: () => fields.oneToOne(Task, { onDelete: "cascade", primaryKey: true }),
}) {}
is<Equal<PkOf<Keyed>, number>>();

// @ts-expect-error Model needs the class's own name
export class Nameless extends Model()({}) {}

// @ts-expect-error a field's name that models use themselves
export class Saved extends Model<Saved>()({ save: fields.char() }) {}

// @ts-expect-error an unknown option
fields.char({ maxLenght: 3 });
// @ts-expect-error a default of another type
fields.integer({ default: "3" });
// @ts-expect-error decimals say how many digits they have
fields.decimal({ maxDigits: 3 });
// @ts-expect-error a relation says what happens when the other row goes
fields.foreignKey(Author, {});
// @ts-expect-error the other side names a field of the other model
fields.related(Book, "authr");

// @ts-expect-error no such field to order by
meta<Book>({ ordering: ["-titel"] });
// @ts-expect-error no such field in an index
meta<Book>({ indexes: [["titel"]] });
meta<Book>((q) => ({
  // @ts-expect-error a wrong value in a condition
  constraints: [{ check: q({ pages__gte: "0" }), name: "x" }],
}));

manager<Book>()({
  wrong() {
    // @ts-expect-error no such field
    return this.filter({ titel: "x" });
  },
});

export function anyTimestamped(row: Timestamped): Date {
  return row.createdAt;
}
export const stamped = (book: Book): Date => anyTimestamped(book);

export const made = new Book({ title: "x", author: 3, publisher: null });
// @ts-expect-error a wrong value
new Book({ title: 3 });
// @ts-expect-error no such field
new Book({ titel: "x" });
