import { Q, Sum } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const joins: Readonly<Record<string, GoldenQuery>> = {
  "join/fk": (m) => m.Book.filter({ author__name: "Jane" }),
  "join/fk by instance": async (m) => m.Book.filter({ author: await m.Author.get({ name: "Jane" }) }),
  "join/fk by key": (m) => m.Book.filter({ author: 2 }),
  "join/fk id": (m) => m.Book.filter({ author__id__in: [2, 3] }),
  "join/fk column": (m) => m.Book.filter({ authorId: 1 }),
  "join/fk in instances": async (m) => m.Book.filter({ author__in: await m.Author.filter({ age: 30 }) }),
  "join/nullable fk": (m) => m.Book.filter({ publisher__name: "Insel" }),
  "join/nullable fk isnull": (m) => m.Book.filter({ publisher__isnull: true }),
  "join/nullable fk null": (m) => m.Book.filter({ publisher: null }),
  "join/nullable fk's column isnull": (m) => m.Book.filter({ publisher__city__isnull: true }),
  "join/nullable fk's column is not null": (m) => m.Book.filter({ publisher__city__isnull: false }),
  "join/two fks to one model": (m) => m.Book.filter({ author__name: "Charlotte", editor__name: "Charlotte" }),
  "join/self": (m) => m.Author.filter({ boss__name: "Jane" }),
  "join/self twice": (m) => m.Author.filter({ boss__boss__name: "Jane" }),
  "join/self three times": (m) => m.Author.filter({ boss__boss__boss__age: 30 }),
  "join/self isnull": (m) => m.Author.filter({ boss__boss__isnull: true }),
  "join/reverse self": (m) => m.Author.filter({ team__age: 29 }),
  "join/three hops": (m) => m.Review.filter({ book__author__boss__name: "Jane" }),
  "join/reverse fk": (m) => m.Author.filter({ books__title: "Emma" }),
  "join/reverse fk: duplicates": (m) => m.Author.filter({ books__pages__gt: 200 }),
  "join/reverse fk isnull": (m) => m.Author.filter({ books__isnull: true }),
  "join/reverse fk is not null: duplicates": (m) => m.Author.filter({ books__isnull: false }),
  "join/reverse fk, a column isnull": (m) => m.Author.filter({ books__price__isnull: true }),
  "join/reverse fk by instance": async (m) => m.Author.filter({ books: await m.Book.get({ title: "Villette" }) }),
  "join/reverse of three hops": (m) => m.Author.filter({ books__reviews__reviewer__name: "Jane" }),
  "join/m2m": (m) => m.Book.filter({ tags__label: "gothic" }),
  "join/m2m by key": (m) => m.Book.filter({ tags: 2 }),
  "join/m2m id": (m) => m.Book.filter({ tags__id__in: [3, 4] }),
  "join/m2m isnull": (m) => m.Book.filter({ tags__isnull: true }),
  "join/m2m in instances": async (m) => m.Book.filter({ tags__in: await m.Tag.filter({ label__iexact: "novel" }) }),
  "join/m2m reverse": (m) => m.Tag.filter({ books__title: "Emma" }),
  "join/m2m reverse isnull": (m) => m.Tag.filter({ books__isnull: true }),
  "join/m2m then fk": (m) => m.Book.filter({ tags__parent__label: "novel" }),
  "join/m2m then fk isnull": (m) => m.Book.filter({ tags__parent__isnull: true }),
  "join/m2m with a model between": (m) => m.Store.filter({ books__title: "Emma" }),
  "join/m2m with a model between, reverse": (m) => m.Book.filter({ stores__city: "London" }),
  "join/the model between": (m) => m.Store.filter({ stocks__copies__gt: 4 }),
  "join/the model between, both ways": (m) => m.Book.filter({ stocks__store__name: "Corner", stocks__copies: 0 }),
  "join/one-to-one": (m) => m.Profile.filter({ author__name: "Jane" }),
  "join/one-to-one reverse": (m) => m.Author.filter({ profile__lucky: 7 }),
  "join/one-to-one reverse isnull": (m) => m.Author.filter({ profile__isnull: true }),
  "join/one-to-one reverse is not null": (m) => m.Author.filter({ profile__isnull: false }),
  "join/one-to-one reverse, a column isnull": (m) => m.Author.filter({ profile__motto__isnull: true }),
  "join/fk then one-to-one": (m) => m.Book.filter({ author__profile__motto: "Pride" }),
  "multi/filter(a, b): one row meets both": (m) => m.Author.filter({ books__title: "Emma", books__pages: 249 }),
  "multi/filter(a).filter(b): two rows may": (m) =>
    m.Author.filter({ books__title: "Emma" }).filter({ books__pages: 249 }),
  "multi/filter(a, b) on m2m": (m) => m.Book.filter({ tags__label: "novel", tags__id: 1 }),
  "multi/filter(a).filter(b) on m2m": (m) => m.Book.filter({ tags__label: "novel" }).filter({ tags__label: "classic" }),
  "multi/Q and Q in one filter": (m) => m.Book.filter(Q({ tags__label: "novel" }).and(Q({ tags__label: "classic" }))),
  "multi/duplicates multiply": (m) => m.Author.filter({ books__pages__gt: 200 }).filter({ books__pages__gt: 400 }),
  "multi/reviews and stars in one": (m) => m.Book.filter({ reviews__stars: 5, reviews__reviewer__name: "Charlotte" }),
  "multi/reviews and stars in two": (m) =>
    m.Book.filter({ reviews__stars: 5 }).filter({ reviews__reviewer__name: "Charlotte" }),
  "multi/one and not the other, of one row": (m) =>
    m.Author.filter(Q({ books__pages__gt: 100 }).and(Q({ books__title: "Emma" }).not())),
  "multi/not the one and the other": (m) =>
    m.Author.filter(
      Q({ books__title: "Emma" })
        .not()
        .and(Q({ books__pages__gt: 100 })),
    ),
  "multi/one and not the other, on m2m": (m) =>
    m.Book.filter(Q({ tags__label: "novel" }).and(Q({ tags__label: "gothic" }).not())),
  "multi/one or not the other": (m) =>
    m.Author.filter(Q({ books__pages__gt: 400 }).or(Q({ books__title: "Emma" }).not())),
  "multi/two filters, then a sum": (m) =>
    m.Author.filter({ books__title: "Emma" })
      .filter({ books__pages: 249 })
      .annotate({ n: Sum("books__pages") }),
  "multi/two filters, then values": (m) =>
    m.Author.filter({ books__title: "Emma" }).filter({ books__pages: 249 }).values("books__title"),
  "multi/two filters, then order": (m) =>
    m.Author.filter({ books__pages__gt: 400 }).filter({ books__pages__gt: 100 }).orderBy("books__title", "id"),
  "multi/through a fk, twice": (m) =>
    m.Review.filter({ book__tags__label: "novel" }).filter({ book__tags__label: "gothic" }),
};
