import { F } from "../../../../src/index.ts";
import {
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
} from "../../../../src/postgres/index.ts";
import type { PostgresDoors, PostgresQuery } from "../doors.ts";

const ENGLISH = { config: "english" } as const;
const english = (text: string, type: "plain" | "phrase" | "raw" | "websearch" = "plain") =>
  SearchQuery(text, { ...ENGLISH, type });
const heart = english("heart");
const both = SearchVector("title", "text", ENGLISH);

const found = (m: PostgresDoors) => m.Poem.filter({ words: heart });

export const search: Readonly<Record<string, PostgresQuery>> = {
  "search/of a text": (m) => m.Poem.filter({ title__search: "nightingale" }),
  "search/of a text, two words": (m) => m.Poem.filter({ text__search: "heart season" }),
  "search/of a stored vector": (m) => m.Poem.filter({ words: "heart" }),
  "search/of a generated vector": (m) => m.Poem.filter({ both: heart }),
  "search/of null": (m) => m.Poem.exclude({ text__search: "heart" }),
  "search/exclude a vector": (m) => m.Poem.exclude({ words: heart }),
  "search/over a relation": (m) => m.Poem.filter({ author__name__search: "jane" }),
  "search/over many": (m) => m.Poet.filter({ poems__text__search: "cold" }),
  "search/of a vector of two": (m) => m.Poem.annotate({ v: both }).filter({ v: heart }),
  "search/of a vector over a relation": (m) =>
    m.Poem.annotate({ v: SearchVector("title", "author__name", { config: "simple" }) }).filter({
      v: SearchQuery("emily", { config: "simple" }),
    }),
  "search/plain": (m) => m.Poem.filter({ words: english("season mist") }),
  "search/phrase": (m) => m.Poem.filter({ words: english("heart aches", "phrase") }),
  "search/phrase, other way round": (m) => m.Poem.filter({ words: english("aches heart", "phrase") }),
  "search/raw": (m) => m.Poem.filter({ words: english("mist:* & !numb", "raw") }),
  "search/raw or": (m) => m.Poem.filter({ words: english("'numb' | 'snow'", "raw") }),
  "search/raw in order": (m) => m.Poem.filter({ words: english("coward <-> soul", "raw") }),
  "search/websearch": (m) => m.Poem.filter({ words: english('heart -"mellow fruitfulness"', "websearch") }),
  "search/websearch or": (m) => m.Poem.filter({ words: english("numbness or snow", "websearch") }),
  "search/websearch, broken": (m) => m.Poem.filter({ words: english("'heart & | (", "websearch") }),
  "search/and": (m) => m.Poem.filter({ words: heart.and(english("numb")) }),
  "search/or": (m) => m.Poem.filter({ words: heart.or(english("snow")) }),
  "search/not": (m) => m.Poem.filter({ words: heart.not() }),
  "search/and not": (m) => m.Poem.filter({ words: heart.and(english("ode").not()) }),
  "search/nothing to search for": (m) => m.Poem.filter({ words: english("") }),
  "search/stop words": (m) => m.Poem.filter({ words: english("the of and") }),
  "search/french": (m) => m.Poem.filter({ title__search: SearchQuery("forêt", { config: "french" }) }),
  "search/the column's language": (m) =>
    m.Poem.annotate({ v: SearchVector("title", { config: F("language") }) }).filter({
      v: SearchQuery("forêt", { config: F("language") }),
    }),
  "search/simple": (m) =>
    m.Poem.annotate({ v: SearchVector("title", { config: "simple" }) }).filter({
      v: SearchQuery("soul", { config: "simple" }),
    }),
  "search/vector": (m) =>
    m.Poem.annotate({ v: SearchVector("title", ENGLISH) })
      .orderBy("id")
      .values("id", "v"),
  "search/vector of null": (m) =>
    m.Poem.annotate({ v: SearchVector("text", { config: "simple" }) })
      .filter({ text: null })
      .values("v"),
  "search/vector with weights": (m) =>
    m.Poem.annotate({
      v: SearchVector("title", { ...ENGLISH, weight: "A" }).plus(
        SearchVector("author__name", { config: "simple", weight: "D" }),
      ),
    })
      .orderBy("id")
      .values("id", "v"),
  "search/stored vector": (m) => m.Poem.orderBy("id").values("id", "words", "both"),
  "search/rank": (m) =>
    m.Poem.annotate({ r: SearchRank("words", heart) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank of a path": (m) =>
    m.Poem.annotate({ r: SearchRank("both", heart) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank of weights in the vector": (m) =>
    m.Poem.annotate({ r: SearchRank("both", english("ode").or(heart)) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank with weights": (m) =>
    m.Poem.annotate({ r: SearchRank("both", english("autumn").or(heart), { weights: [0.1, 0.2, 0.4, 0.8] }) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank by length": (m) =>
    m.Poem.annotate({ r: SearchRank("words", heart, { normalization: 2 }) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank by two flags": (m) =>
    m.Poem.annotate({ r: SearchRank("words", heart, { normalization: 2 | 4 }) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank of density": (m) =>
    m.Poem.annotate({ r: SearchRank("words", english("season ache"), { coverDensity: true }) })
      .orderBy("-r", "id")
      .values("id", "r"),
  "search/rank of a vector made there": (m) =>
    m.Poem.annotate({ r: SearchRank(both, heart) })
      .filter({ r__gt: 0 })
      .orderBy("id")
      .values("id", "r"),
  "search/headline": (m) =>
    m.Poem.annotate({ h: SearchHeadline("text", heart, ENGLISH) })
      .orderBy("id")
      .values("id", "h"),
  "search/headline with marks": (m) =>
    found(m)
      .annotate({ h: SearchHeadline("text", heart, { ...ENGLISH, startSel: "[it's ", stopSel: "]" }) })
      .orderBy("id")
      .values("id", "h"),
  "search/headline of few words": (m) =>
    found(m)
      .annotate({ h: SearchHeadline("text", heart, { ...ENGLISH, maxWords: 5, minWords: 2, shortWord: 2 }) })
      .orderBy("id")
      .values("id", "h"),
  "search/headline of parts": (m) =>
    found(m)
      .annotate({
        h: SearchHeadline("text", heart.or(english("mist")), {
          ...ENGLISH,
          maxFragments: 2,
          maxWords: 4,
          minWords: 2,
          fragmentDelimiter: " … ",
        }),
      })
      .orderBy("id")
      .values("id", "h"),
  "search/headline of all": (m) =>
    found(m)
      .annotate({ h: SearchHeadline("text", heart, { ...ENGLISH, highlightAll: true }) })
      .orderBy("id")
      .values("id", "h"),
  "search/headline of title": (m) =>
    m.Poem.annotate({ h: SearchHeadline("title", english("nightingale"), ENGLISH) })
      .orderBy("id")
      .values("id", "h"),
  "trigram/similar": (m) => m.Author.filter({ name__trigramSimilar: "Charlote" }),
  "trigram/word similar": (m) => m.Book.filter({ title__trigramWordSimilar: "Height" }),
  "trigram/strict word similar": (m) => m.Book.filter({ title__trigramStrictWordSimilar: "Heights" }),
  "trigram/similar over a relation": (m) => m.Book.filter({ author__name__trigramSimilar: "emilie" }),
  "trigram/exclude similar": (m) => m.Author.exclude({ name__trigramSimilar: "Jane" }),
  "trigram/similarity": (m) =>
    m.Author.annotate({ s: TrigramSimilarity("name", "Jana") })
      .orderBy("-s", "id")
      .values("id", "s"),
  "trigram/similarity, then a filter": (m) =>
    m.Author.annotate({ s: TrigramSimilarity("name", "Emil") })
      .filter({ s__gt: 0.3 })
      .orderBy("-s"),
  "trigram/distance": (m) =>
    m.Author.annotate({ s: TrigramDistance("name", "Jana") })
      .orderBy("s", "id")
      .values("id", "s"),
  "trigram/word similarity": (m) =>
    m.Book.annotate({ s: TrigramWordSimilarity("Hights", "title") })
      .orderBy("-s", "id")
      .values("id", "s"),
  "trigram/word distance": (m) =>
    m.Book.annotate({ s: TrigramWordDistance("Hights", "title") })
      .orderBy("s", "id")
      .values("id", "s"),
  "trigram/strict word similarity": (m) =>
    m.Book.annotate({ s: TrigramStrictWordSimilarity("Heigths", "title") })
      .orderBy("-s", "id")
      .values("id", "s"),
  "trigram/strict word distance": (m) =>
    m.Book.annotate({ s: TrigramStrictWordDistance("Heigths", "title") })
      .orderBy("s", "id")
      .values("id", "s"),
  "unaccent/exact": (m) => m.Author.filter({ name__unaccent: "Arne" }),
  "unaccent/exact, both sides": (m) => m.Author.filter({ name__unaccent: "Árnè" }),
  "unaccent/icontains": (m) => m.Poem.filter({ title__unaccent__icontains: "FORET" }),
  "unaccent/istartswith": (m) => m.Author.filter({ name__unaccent__istartswith: "ár" }),
  "unaccent/exclude": (m) => m.Author.exclude({ name__unaccent__startswith: "A" }),
  "unaccent/over a relation": (m) => m.Book.filter({ author__name__unaccent__iexact: "arne" }),
  "unaccent/values": (m) => m.Author.orderBy("id").valuesList("name__unaccent", { flat: true }),
};
