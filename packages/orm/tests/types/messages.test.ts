import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../../..");
const directory = join(root, ".cache/type-messages");
const HEAD = `import { Author, Book } from "../../packages/orm/tests/types/library.ts";
import { Cast, Count, Exists, F, Greatest, kysely, Model, OuterRef, Q, Sum, sql, TruncMonth, fields } from "@tsjango/orm";
declare const book: Book, author: Author;
`;

/** Wrong programs of one line, and what the compiler says of each. */
const MISTAKES: readonly (readonly [mistake: string, program: string, message: string])[] = [
  ["a wrong field", 'Book.objects.filter({ titl: "x" });', "not assignable to type 'NoSuchField<\"titl\">'"],
  [
    "a wrong field behind a relation",
    'Book.objects.filter({ tags__parnt__label: "x" });',
    "not assignable to type 'NoSuchField<\"parnt\">'",
  ],
  ["a wrong lookup", 'Book.objects.filter({ title__foo: "x" });', "not assignable to type 'NoSuchLookup<\"foo\">'"],
  [
    "a lookup of another kind of field",
    'Book.objects.filter({ pages__icontains: "x" });',
    "not assignable to type 'NoSuchLookup<\"icontains\">'",
  ],
  [
    "a wrong value",
    'Book.objects.filter({ published__year: "2020" });',
    "Type 'string' is not assignable to type 'number'",
  ],
  [
    "undefined in a condition",
    "Book.objects.filter({ title: undefined });",
    "Type 'undefined' is not assignable to type 'string'",
  ],
  [
    "a wrong relation value",
    'Book.objects.filter({ author: "jane" });',
    "Type 'string' is not assignable to type 'RelatedValue<Author>'",
  ],
  [
    "a wrong field in a Q",
    'Book.objects.filter(Q({ titl: "x" }));',
    "Type 'string' is not assignable to type 'NoSuchField<\"titl\">'",
  ],
  [
    "a condition on another model",
    'Book.objects.filter(Author.objects.q({ name: "x" }));',
    "\"error: this condition is for another model\"' is missing in type 'Author' but required in type 'WrongModel<Author>'",
  ],
  [
    "a wrong field in an expression",
    'Book.objects.filter({ pages__gt: F("pags") });',
    "required in type 'NoSuchField<\"pags\">'",
  ],
  ["a wrong path in an order", 'Book.objects.orderBy("-publishd");', "to parameter of type 'OrderOf<Book>'"],
  ["a wrong path in values", 'Book.objects.values("titl");', "to parameter of type 'PathOf<Book>'"],
  ["a wrong path in valuesList", 'Book.objects.valuesList("title", "titl");', "to parameter of type 'PathOf<Book>'"],
  [
    "a relation to many rows in selectRelated",
    'Book.objects.selectRelated("tags");',
    "'\"tags\"' is not assignable to parameter of type 'OneRelationOf<Book>'",
  ],
  [
    "a wrong relation in prefetchRelated",
    'Author.objects.prefetchRelated("boks");',
    "'\"boks\"' is not assignable to parameter of type 'RelationOf<Author>'",
  ],
  [
    "a wrong path in an aggregate",
    'Book.objects.annotate({ n: Count("tgs") });',
    '"error: no such field"\' is missing in type \'Expression<number, "tgs", never>\' but required in type \'NoSuchField<"tgs">\'',
  ],
  [
    "an annotation with the name of a field",
    'Book.objects.annotate({ title: Count("tags") });',
    '"error: the model has a field or method of this name"\' is missing',
  ],
  ["the sum of texts", 'Book.objects.annotate({ n: Sum("title") });', "not assignable to type 'NotANumber<\"text\">'"],
  [
    "arithmetic with a text",
    'Book.objects.annotate({ n: F("title").plus(1) });',
    "not assignable to type 'NoArithmetic<string, 1>'",
  ],
  ["a wrong field in update", "Book.objects.update({ pags: 3 });", "not assignable to type 'NoSuchField<\"pags\">'"],
  [
    "a wrong expression in update",
    'Book.objects.update({ pages: F("title") });',
    "is not assignable to type 'Expression<number, never, never>'",
  ],
  [
    "a field that create needs",
    'Book.objects.create({ title: "x" });',
    "Property 'author' is missing in type '{ title: string; }' but required in type '{ author: number | Author; title: string; }'",
  ],
  [
    "a field that create does not know",
    'Book.objects.create({ title: "x", author, pags: 3 });',
    "'pags' does not exist in type 'CreateInput<Book, never>'. Did you mean to write 'pages'?",
  ],
  ["defaults that are missing", 'Book.objects.getOrCreate({ title: "x" });', "Expected 2 arguments, but got 1"],
  ["a wrong query method", "Book.objects.publishd();", "Property 'publishd' does not exist on type 'ManagerOf<Book, "],
  ["an unloaded relation", "book.author.name;", "Property 'name' does not exist on type 'Lazy<Author>'"],
  [
    "a field that was not loaded",
    'const row = await Book.objects.only("title").get({ id: 1 }); row.pages;',
    "Property 'pages' does not exist on type 'Only<Book, Book, \"title\">'",
  ],
  ["synchronous iteration", "for (const each of Book.objects.all()) each;", "must have a '[Symbol.iterator]()' method"],
  [
    "all rows deleted without all()",
    "Book.objects.delete();",
    "Property 'delete' does not exist on type 'ManagerOf<Book",
  ],
  [
    "rows of another model added",
    "author.books.add(author);",
    "Argument of type 'Author' is not assignable to parameter of type 'RowOrKey<Book>'",
  ],
  [
    "other rows in a union",
    'Book.objects.values("title").union(Book.objects.values("pages"));',
    "Property 'title' is missing in type '{ pages: number; }'",
  ],
  ["a model without its own name", "class A extends Model()({}) {}", "Expected 1 arguments, but got 0"],
  [
    "a reserved name",
    "class A extends Model<A>()({ save: fields.char() }) {}",
    '"error: models use this name themselves"\' is missing',
  ],
  [
    "a wrong other side of a relation",
    'class A extends Model<A>()({ books: () => fields.related(Book, "authr") }) {}',
    '\'"authr"\' is not assignable to parameter of type \'"author" | ',
  ],
  [
    "a wrong field beside OuterRef",
    'Author.objects.filter(Exists(Book.objects.filter({ athor: OuterRef("pk") })));',
    "required in type 'NoSuchField<\"athor\">'",
  ],
  [
    "rows of another model in a list",
    "Book.objects.filter({ author__in: Book.objects.all() });",
    "not assignable to type 'readonly RelatedValue<Author>[] | ReadonlySet<RelatedValue<Author>> | RowsLike<Author>'",
  ],
  [
    "the month of a text",
    'Book.objects.annotate({ m: TruncMonth("title") });',
    '"error: this takes a date or a time, not"\' is missing',
  ],
  [
    "a date in a time zone",
    'Book.objects.annotate({ m: TruncMonth(Cast("published", fields.date()), { timeZone: "Europe/Prague" }) });',
    '"error: a time zone is of moments alone, not of a"\' is missing',
  ],
  ["months of a text", 'Book.objects.dates("title", "month");', 'NotAMoment<"text">\''],
  [
    "SQL that does not say what it is",
    "Book.objects.annotate({ one: sql`1` });",
    '"error: say what its values are, as with .as(fields.integer())"\' is missing',
  ],
  [
    "a wrong path among values",
    'Book.objects.annotate({ most: Greatest("pages", 100, "pags") });',
    '"error: no such field"\' is missing',
  ],
  [
    "a row that lacks a key, in Kysely",
    'kysely({ Book }).insertInto("Book").values({ title: "x" });',
    "Argument of type '{ title: string; }' is not assignable to parameter of type 'InsertExpression<",
  ],
];

describe("the compiler says of", () => {
  const said = new Map<string, string>();
  beforeAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.base.json", include: ["*.ts"] }),
    );
    for (const [index, [, program]] of MISTAKES.entries()) {
      writeFileSync(join(directory, `m${index}.ts`), `${HEAD}${program}\nexport {};\n`);
    }
    const tsc = join(root, "node_modules/.bin/tsc");
    const { stdout } = await promisify(execFile)(tsc, ["-p", directory, "--pretty", "false"]).catch(
      (failed: { stdout: string }) => failed,
    );
    for (const part of stdout.split(/\n(?=\S)/)) {
      const file = /m(\d+)\.ts\(4,/.exec(part)?.[1] ?? part;
      said.set(file, `${said.get(file) ?? ""}${part}\n`);
    }
  }, 60_000);

  test.for(MISTAKES.map((mistake, index) => [...mistake, index] as const))("%s", ([, , message, index]) => {
    expect(said.get(String(index))).toContain(message);
  });

  test("nothing else", () => {
    expect([...said.keys()].filter((file) => !/^\d+$/.test(file))).toEqual([]);
  });
});
