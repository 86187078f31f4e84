import { Q } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const conditions: Readonly<Record<string, GoldenQuery>> = {
  "q/or": (m) => m.Book.filter(Q({ title: "Emma" }).or(Q({ pages: 416 }))),
  "q/or of relation and column": (m) => m.Book.filter(Q({ publisher__name: "Insel" }).or(Q({ pages: 7 }))),
  "q/or of the same relation": (m) =>
    m.Book.filter(Q({ publisher__name: "Insel" }).or(Q({ publisher__name: "Penguin" }))),
  "q/or of two relations": (m) => m.Book.filter(Q({ publisher__name: "Insel" }).or(Q({ editor__name: "Jane" }))),
  "q/or then filter": (m) =>
    m.Book.filter(Q({ publisher__name: "Insel" }).or(Q({ pages: 7 }))).filter({ publisher__city: "Leipzig" }),
  "q/or of reverse and column": (m) => m.Author.filter(Q({ books__title: "Emma" }).or(Q({ age: 29 }))).distinct(),
  "q/or of m2m and isnull": (m) => m.Book.filter(Q({ tags__label: "gothic" }).or(Q({ tags__isnull: true }))),
  "q/or with a chain that may be missing": (m) =>
    m.Author.filter(Q({ boss__boss__name: "Jane" }).or(Q({ rating: 4.5 }))),
  "q/and": (m) => m.Book.filter(Q({ pages__gt: 100 }).and(Q({ pages__lt: 400 }))),
  "q/and with lookups": (m) => m.Book.filter(Q({ pages__gt: 100 }).or(Q({ stock: 3 })), { translated: true }),
  "q/not": (m) => m.Book.filter(Q({ title: "Emma" }).not()),
  "q/not of a nullable column": (m) => m.Book.filter(Q({ price: "12" }).not()),
  "q/not not of a nullable column": (m) => m.Book.filter(Q({ price: "12" }).not().not()),
  "q/not of or": (m) =>
    m.Book.filter(
      Q({ price: "12" })
        .or(Q({ stock: 3 }))
        .not(),
    ),
  "q/not of and": (m) =>
    m.Book.filter(
      Q({ price: "12" })
        .and(Q({ pages: 416 }))
        .not(),
    ),
  "q/not in or": (m) =>
    m.Book.filter(
      Q({ price__gt: "5" })
        .not()
        .or(Q({ title: "Emma" })),
    ),
  "q/not of a relation in or": (m) =>
    m.Book.filter(
      Q({ publisher__name: "Insel" })
        .not()
        .or(Q({ title: "Jane Eyre" })),
    ),
  "q/not of m2m in or": (m) =>
    m.Book.filter(
      Q({ tags__label: "novel" })
        .not()
        .or(Q({ title: "Emma" })),
    ),
  "q/not of m2m in and": (m) =>
    m.Book.filter(
      Q({ tags__label: "gothic" })
        .not()
        .and(Q({ tags__label: "novel" })),
    ),
  "q/or in and in or": (m) =>
    m.Book.filter(
      Q({ pages: 416 })
        .or(Q({ pages: 500 }))
        .and(Q({ author__name: "Charlotte" }))
        .or(Q({ stock: 10 })),
    ),
  "q/not of or of and": (m) =>
    m.Book.filter(
      Q({ pages: 416 })
        .and(Q({ price: "12" }))
        .or(Q({ stock: 3 }).and(Q({ title: "Emma" }).not()))
        .not(),
    ),
  "q/or with in nothing": (m) => m.Book.filter(Q({ pages__in: [] }).or(Q({ title: "Emma" }))),
  "q/and with in nothing": (m) => m.Book.filter(Q({ pages__in: [] }).and(Q({ title: "Emma" }))),
  "q/not in nothing": (m) => m.Book.filter(Q({ pages__in: [] }).not()),
  "q/empty": (m) => m.Book.filter(Q({})),
  "q/xor": (m) => m.Book.filter(Q({ translated: true }).xor(Q({ pages__gt: 300 }))),
  "q/xor of three is a parity": (m) =>
    m.Book.filter(
      Q({ translated: true })
        .xor(Q({ pages__gt: 300 }))
        .xor(Q({ stock__gt: 2 })),
    ),
  "q/not xor": (m) =>
    m.Book.filter(
      Q({ translated: true })
        .xor(Q({ pages__gt: 300 }))
        .not(),
    ),
  "q/xor with null": (m) => m.Book.filter(Q({ price__gt: "5" }).xor(Q({ pages__gt: 300 }))),
  "q/xor of relations": (m) => m.Book.filter(Q({ publisher__name: "Insel" }).xor(Q({ pages__gt: 400 }))),
  "q/in a query set": (m) => m.Book.filter({ author__in: m.Author.filter({ age: 30 }) }),
  "q/in a query set of values": (m) =>
    m.Book.filter({ author__in: m.Book.filter({ pages__gt: 400 }).values("editor") }),
  "q/in a query set with a slice": (m) => m.Book.filter({ author__in: m.Author.orderBy("-name").slice(0, 3) }),
  "q/in an empty query set": (m) => m.Book.filter({ author__in: m.Author.none() }),
  "q/exclude in an empty query set": (m) => m.Book.exclude({ author__in: m.Author.none() }),
};
