/** What the models of models.ts mean, written out by hand: the oracle knows nothing of the code that it judges. */

export type Scalar = string | number | null;
export type Row = Readonly<Record<string, Scalar>>;
export type ModelName = "Author" | "Profile" | "Publisher" | "Tag" | "Book" | "Review";
export type Tables = Readonly<Record<ModelName, readonly Row[]>> & {
  /** The links between books and tags. */
  readonly links: readonly { readonly book: number; readonly tag: number }[];
};

export interface Column {
  readonly kind: "integer" | "text" | "decimal";
  readonly nullable: boolean;
}

export interface Relation {
  readonly to: ModelName;
  /** Whether one row can meet several. */
  readonly many: boolean;
  /** Whether the key of the related row is a column of this one, which takes null. */
  readonly nullableKey: boolean;
  /** The related rows. */
  readonly rows: (tables: Tables, row: Row) => readonly Row[];
}

export interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  readonly relations: Readonly<Record<string, Relation>>;
}

const integer = { kind: "integer", nullable: false } as const;
const maybeInteger = { kind: "integer", nullable: true } as const;
const text = { kind: "text", nullable: false } as const;
const maybeText = { kind: "text", nullable: true } as const;
const maybeDecimal = { kind: "decimal", nullable: true } as const;

const one = (to: ModelName, key: string, nullableKey = true): Relation => ({
  to,
  many: false,
  nullableKey,
  rows: (tables, row) => tables[to].filter((each) => each["id"] === row[key]),
});
const back = (to: ModelName, key: string, many = true): Relation => ({
  to,
  many,
  nullableKey: false,
  rows: (tables, row) => tables[to].filter((each) => each[key] === row["id"]),
});

/** In an order in which each table refers only to those before it, and to itself. */
export const SCHEMA: Readonly<Record<ModelName, Table>> = {
  Author: {
    columns: { id: integer, name: text, age: maybeInteger },
    relations: {
      boss: one("Author", "bossId"),
      team: back("Author", "bossId"),
      books: back("Book", "authorId"),
      edited: back("Book", "editorId"),
      reviews: back("Review", "byId"),
      profile: back("Profile", "authorId", false),
    },
  },
  Profile: {
    columns: { id: integer, motto: maybeText, lucky: integer },
    relations: { author: one("Author", "authorId", false) },
  },
  Publisher: {
    columns: { id: integer, name: text, city: maybeText },
    relations: { books: back("Book", "publisherId") },
  },
  Tag: {
    columns: { id: integer, label: text, weight: maybeInteger },
    relations: {
      parent: one("Tag", "parentId"),
      children: back("Tag", "parentId"),
      books: {
        to: "Book",
        many: true,
        nullableKey: false,
        rows: (tables, row) =>
          tables.links
            .filter((link) => link.tag === row["id"])
            .flatMap((link) => tables.Book.filter((book) => book["id"] === link.book)),
      },
    },
  },
  Book: {
    columns: { id: integer, title: text, pages: integer, stock: maybeInteger, price: maybeDecimal },
    relations: {
      author: one("Author", "authorId", false),
      editor: one("Author", "editorId"),
      publisher: one("Publisher", "publisherId"),
      tags: {
        to: "Tag",
        many: true,
        nullableKey: false,
        rows: (tables, row) =>
          tables.links
            .filter((link) => link.book === row["id"])
            .flatMap((link) => tables.Tag.filter((tag) => tag["id"] === link.tag)),
      },
      reviews: back("Review", "bookId"),
    },
  },
  Review: {
    columns: { id: integer, stars: maybeInteger, text },
    relations: { book: one("Book", "bookId", false), by: one("Author", "byId") },
  },
};

/** A column behind relations. */
export interface Path {
  readonly hops: readonly string[];
  readonly column: string;
  /** Whether the relation itself is named and the column, its key, left out: `author` for `author__id`. */
  readonly bare?: boolean;
}

/** A column of each model that is written to, a value that no row has, and whose rows go where a row of it goes. */
export const WRITTEN: Readonly<Record<ModelName, readonly [column: string, value: Scalar]>> = {
  Author: ["age", 77],
  Profile: ["lucky", 77],
  Publisher: ["city", "new"],
  Tag: ["weight", 77],
  Book: ["stock", 77],
  Review: ["stars", 77],
};
export const GO_ALONG: Readonly<Partial<Record<ModelName, readonly (readonly [model: ModelName, key: string])[]>>> = {
  Author: [
    ["Profile", "authorId"],
    ["Book", "authorId"],
  ],
  Book: [["Review", "bookId"]],
};

export function written({ hops, column, bare }: Path): string {
  return [...hops, ...(bare ? [] : [column])].join("__");
}

/** How the name of a relation begins whose rows meet a condition: `only_books`. */
const ONLY = "only_";

export function onlySome(hop: string): string {
  return ONLY + hop;
}

/** The name of the relation itself. */
export function relationNamed(hop: string): string {
  return hop.startsWith(ONLY) ? hop.slice(ONLY.length) : hop;
}

/** The relations of a path, one after the other. */
export function relationsOf(model: ModelName, hops: readonly string[]): Relation[] {
  let at = model;
  return hops.map((hop) => {
    const relation = SCHEMA[at].relations[relationNamed(hop)];
    if (relation === undefined) throw new Error(`${at} has no relation ${hop}.`);
    at = relation.to;
    return relation;
  });
}

export function endOf(model: ModelName, hops: readonly string[]): ModelName {
  return relationsOf(model, hops).at(-1)?.to ?? model;
}

export function columnOf(model: ModelName, path: Path): Column {
  const column = SCHEMA[endOf(model, path.hops)].columns[path.column];
  if (column === undefined) throw new Error(`${model} has no ${written(path)}.`);
  return column;
}

/**
 * Whether a path ends in a column that takes null; the key of a related row is the reference to it, but where only some
 * rows count.
 */
export function endsInNullable(model: ModelName, path: Path): boolean {
  const last = path.hops.at(-1);
  if (path.column === "id" && last !== undefined && relationNamed(last) === last)
    return relationsOf(model, path.hops).at(-1)?.nullableKey === true;
  return columnOf(model, path).nullable;
}

export function isMany(model: ModelName, path: Path): boolean {
  return relationsOf(model, path.hops).some((relation) => relation.many);
}

/** All chains of relations of a model, up to three. */
export function chains(model: ModelName, most = 3): string[][] {
  const found: string[][] = [[]];
  for (let length = 0, open = found; length < most; length++) {
    open = open.flatMap((hops) => Object.keys(SCHEMA[endOf(model, hops)].relations).map((hop) => [...hops, hop]));
    found.push(...open);
  }
  return found;
}
