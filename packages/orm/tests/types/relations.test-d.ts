import { Count, fields, Model, manager, meta, type QuerySetOf } from "../../src/index.ts";
import { is } from "./is.ts";
import { Author, Book, type Profile, Status, Timestamped } from "./library.ts";
import { Publisher } from "./publisher.ts";

declare const author: Author, book: Book, publisher: Publisher;
export async function queries() {
  // chainable, everywhere
  const a = await Book.objects.published().filter({ pages__gt: 3 }).orderBy("title");
  is<Book[]>()(a);
  const b = await Book.objects.filter({ title: "x" }).published().longerThan(3).published();
  is<Book[]>()(b);
  const c = await author.books.published().longerThan(4).first();
  is<Book | null>()(c);
  const d = await author.books.filter({ pages: 1 }).published();
  is<Book[]>()(d);
  const e = await Book.objects.selectRelated("author").published();
  e[0]!.author.name.length;
  const f = await Book.objects
    .annotate({ n: Count("tags") })
    .published()
    .filter({ n__gt: 2 })
    .orderBy("-n");
  is<number>()(f[0]!.n);
  const g = await Book.drafts.mine(author).filter({ pages: 3 }).mine(author);
  is<Book[]>()(g);
  // @ts-expect-error drafts has no published
  Book.drafts.published();
  // @ts-expect-error wrong argument
  Book.objects.filter({ title: "x" }).longerThan("3");
  // @ts-expect-error no such query
  Book.objects.publishd();
}
// abstract models, proxies, meta
export class Note extends Model<Note>().extends(Timestamped)({ text: fields.text() }) {}
export class Slugged extends Model.abstract({
  slug: fields.slug(),
  owner: () => fields.foreignKey(Author, { onDelete: "cascade" }),
}) {
  get url() {
    return `/${this.slug}/`;
  }
}
export class Page extends Model<Page>().extends(
  Timestamped,
  Slugged,
)({ id: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }), body: fields.text({ null: true }) }) {}
export class OldBook extends Book {
  static override objects = manager<OldBook>()({
    published() {
      return this.filter({ published__year__lt: 1900 });
    },
    longerThan(n: number) {
      return this.filter({ pages__gt: n });
    },
    ancient() {
      return this.filter({ published__year__lt: 1700 });
    },
  });
  get dust() {
    return this.pages * 2;
  }
}
export async function inheritance() {
  book.touch();
  book.age.toFixed();
  book.createdAt.getTime();
  const p = await Page.objects.get({ createdAt__year: 2020, slug: "x", owner__name: "y" });
  p.url.length;
  p.age;
  is<string>()(p.id);
  is<string>()(p.pk);
  is<number>()(p.ownerId);
  (await p.owner).initials;
  await Page.objects.create({ slug: "s", owner: author });
  await Note.objects.create({ text: "x" });
  // @ts-expect-error slug of the abstract base is required
  await Page.objects.create({ owner: author });
  const o = await OldBook.objects.ancient().filter({ title: "x" });
  o[0]!.dust.toFixed();
  is<OldBook[]>()(o);
  meta<Book>({
    ordering: ["-published", "author__name"],
    indexes: [["author", "-title"]],
    constraints: [{ unique: ["author", "title"], name: "u", where: Book.objects.q({ pages__gt: 3 }) }],
  });
  // @ts-expect-error no such path
  meta<Book>({ ordering: ["-publishd"] });
  // @ts-expect-error no such field
  meta<Book>({ indexes: [["authr"]] });
  // @ts-expect-error no such field in a condition
  meta<Book>((q) => ({ constraints: [{ check: q({ pags__gte: 0 }), name: "x" }] }));
}
// choices, json, nulls, keys
declare const prefsSchema: {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (v: unknown) => unknown;
    readonly types?:
      | { readonly input: unknown; readonly output: { theme: "dark" | "light"; tags: string[] } }
      | undefined;
  };
};
export class Item extends Model<Item>()({
  color: fields.char({ choices: ["red", "blue"], null: true }),
  size: fields.integer({ choices: [1, 2, 3], default: 1 }),
  status: fields.char({ choices: Status }),
  prefs: fields.json({ schema: prefsSchema, null: true }),
  extra: fields.json<{ a: { b: number }[] }>({ default: { a: [] } }),
}) {}
export class OrderLine extends Model<OrderLine>()({
  pk: fields.compositePrimaryKey("bookId", "line"),
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  line: fields.integer(),
  publisher: () => fields.foreignKey(Publisher, { onDelete: "cascade" }),
}) {}
export class Account extends Model<Account>()({
  author: () => fields.oneToOne(Author, { onDelete: "cascade", primaryKey: true }),
  balance: fields.decimal({ maxDigits: 9, decimalPlaces: 2 }),
}) {}
export async function values() {
  const i = await Item.objects.get({
    color: "red",
    size__in: [1, 2],
    status: Status.done,
    prefs__theme: "dark",
    extra__a__0__b: 3,
  });
  is<"red" | "blue" | null>()(i.color);
  is<1 | 2 | 3>()(i.size);
  is<"draft" | "done">()(i.status);
  is<"Draft" | "Published">()(i.getStatusDisplay());
  is<string | null>()(i.getColorDisplay());
  is<{ theme: "dark" | "light"; tags: string[] } | null>()(i.prefs);
  // @ts-expect-error not a choice
  Item.objects.filter({ color: "green" });
  // @ts-expect-error wrong type in json
  Item.objects.filter({ prefs__theme: "blue" });
  // @ts-expect-error no such key in json
  Item.objects.filter({ prefs__them: "dark" });
  await Item.objects.create({ status: "draft" });
  await Item.objects.create({ status: "draft", color: null, size: 3 });
  // @ts-expect-error status is required
  await Item.objects.create({});
  // @ts-expect-error size has a default but is not nullable
  await Item.objects.create({ status: "draft", size: null });
  // @ts-expect-error unknown field
  await Item.objects.create({ status: "draft", sise: 1 });
  const l = await OrderLine.objects.get({ pk: [1, 2] });
  is<readonly [number, number]>()(l.pk);
  // @ts-expect-error a composite key model has no id
  l.id;
  is<string>()(l.publisherId);
  is<string | null>()(book.publisherId);
  is<string>()(publisher.pk);
  await OrderLine.objects.create({ book, line: 1, publisher: "3f0c…" });
  // @ts-expect-error the key of a publisher is a string
  await OrderLine.objects.create({ book, line: 1, publisher: 3 });
  const acc = await Account.objects.get({ pk: 3 });
  is<number>()(acc.pk);
  is<number>()(acc.authorId);
  // @ts-expect-error publisher ids are strings
  Book.objects.filter({ publisherId: 3 });
  Book.objects.filter({ publisher: "3f0c…", authorId__in: [1], publisher__prefs__limits__daily: 3 });
}
// relations
export class Person extends Model<Person>()({
  name: fields.char(),
  friends: () => fields.manyToMany(Person, { symmetrical: true }),
  groups: () => fields.manyToMany(Group, { through: Membership }),
}) {}
export class Group extends Model<Group>()({
  name: fields.char(),
  members: () => fields.manyToMany(Person, { through: Membership }),
}) {}
export class Membership extends Model<Membership>()({
  person: () => fields.foreignKey(Person, { onDelete: "cascade" }),
  group: () => fields.foreignKey(Group, { onDelete: "cascade" }),
  since: fields.dateTime(),
  note: fields.char({ default: "" }),
}) {}
declare const ada: Person, club: Group;
export async function relations() {
  const pr = await author.profile;
  is<Profile | null>()(pr);
  // @ts-expect-error not loaded
  author.profile.bio;
  const w = await Author.objects.selectRelated("profile").get({ id: 1 });
  w.profile?.bio.length;
  // @ts-expect-error may be missing
  w.profile.bio;
  await author.books.create({ title: "Emma" });
  await author.books.add(book, 3);
  await author.books.set([book]);
  await author.books.clear();
  await author.books.remove(book);
  // @ts-expect-error title is still required
  await author.books.create({ pages: 1 });
  // @ts-expect-error wrong model
  await author.books.add(author);
  await publisher.books.create({ title: "x", author });
  // @ts-expect-error author is required here
  await publisher.books.create({ title: "x" });
  await ada.friends.add(ada);
  const fr = await ada.friends.filter({ friends__name: "x" });
  is<Person[]>()(fr);
  await club.members.add(ada, 4, { throughDefaults: { since: new Date() } });
  await club.members.set([ada], { throughDefaults: { since: new Date(), note: "x" } });
  // @ts-expect-error the through model requires since
  await club.members.add(ada);
  takesBook(e1);
  takesBook(await Book.objects.selectRelated("author", "publisher").prefetchRelated("tags").get({ id: 1 }));
  book.author = author;
  book.publisher = null;
  // @ts-expect-error a default of the wrong type
  fields.integer({ default: "x" });
  // @ts-expect-error wrong model
  book.author = publisher;
}
declare const e1: Awaited<ReturnType<typeof one>>;
async function one() {
  return Book.objects.selectRelated("author__profile").get({ id: 1 });
}
declare function takesBook(book: Book): void;
export async function recent(books: QuerySetOf<typeof Book>): Promise<unknown> {
  is<Book[]>()(await books.published().filter({ pages__gt: 3 }).longerThan(3));
  return { again: recent(Book.objects.published()), whole: recent(Book.objects.all()) };
}

// the other side of a many-to-many relation
export class Squad extends Model<Squad>()({
  name: fields.char(),
  players: () => fields.manyToMany(Player, { through: Contract }),
  sponsors: () => fields.manyToMany(Sponsor),
}) {}
export class Player extends Model<Player>()({ name: fields.char(), squads: () => fields.related(Squad, "players") }) {}
export class Sponsor extends Model<Sponsor>()({
  name: fields.char(),
  squads: () => fields.related(Squad, "sponsors"),
}) {}
export class Contract extends Model<Contract>()({
  squad: () => fields.foreignKey(Squad, { onDelete: "cascade" }),
  player: () => fields.foreignKey(Player, { onDelete: "cascade" }),
  since: fields.dateTime(),
}) {}
export async function otherSide(squad: Squad, player: Player, sponsor: Sponsor) {
  await player.squads.add(squad, { throughDefaults: { since: new Date() } });
  await player.squads.create({ name: "x" }, { throughDefaults: { since: new Date() } });
  await sponsor.squads.add(squad, 3);
  is<Squad[]>()(await sponsor.squads.filter({ players__name: "x", players__squads__name: "y" }));
  is<Squad[]>()(await player.squads.all());
  // @ts-expect-error the through model requires since
  await player.squads.add(squad);
  // @ts-expect-error name is required
  await sponsor.squads.create({});
}
