import type { CallNode } from "../expressions/arithmetic.types.ts";
import { operand, source } from "../expressions/expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn } from "../expressions/expression.types.ts";
import { make } from "../expressions/make.ts";
import type { Source, SourcePaths, SourceValue } from "../expressions/source.types.ts";
import type { FieldType } from "../fields/field.types.ts";

/** A number that tells how alike two texts are. */
type Likeness<E, T> = Expression<
  CallNode<"as", [FieldType<number, true, "number">, SourceValue<E>]>,
  SourcePaths<E> | PathsIn<T>,
  ConditionsIn<E> | ConditionsIn<T>
>;

/**
 * How alike two texts are by their groups of three letters, from 0 to 1. It needs the extension `pg_trgm`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#trigramsimilarity
 * @example
 * const near = await Author.objects.annotate({ like: TrigramSimilarity("name", "Jane Asten") }).orderBy("-like");
 */
export function TrigramSimilarity<const E extends Source, const T extends string | AnyExpression>(
  of: E,
  text: T,
): Likeness<E, T> {
  return likeness(["similarity((", ")::text, (", ")::text)"], of, text);
}

/**
 * How different two texts are: 1 less their similarity.
 * @example
 * const near = await Person.objects.annotate({ far: TrigramDistance("name", typed) }).filter({ far__lt: 0.7 }).orderBy("far");
 */
export function TrigramDistance<const E extends Source, const T extends string | AnyExpression>(
  of: E,
  text: T,
): Likeness<E, T> {
  return likeness(["((", ")::text <-> (", ")::text)"], of, text);
}

/** How alike a text is to the part of another one that is most like it: `TrigramWordSimilarity("austen", "name")`. */
export function TrigramWordSimilarity<const T extends string | AnyExpression, const E extends Source>(
  text: T,
  of: E,
): Likeness<E, T> {
  return likeness(["word_similarity((", ")::text, (", ")::text)"], of, text, true);
}

/** How different a text is from the part of another one that is most like it. */
export function TrigramWordDistance<const T extends string | AnyExpression, const E extends Source>(
  text: T,
  of: E,
): Likeness<E, T> {
  return likeness(["((", ")::text <<-> (", ")::text)"], of, text, true);
}

/** How alike a text is to the words of another one that are most like it. */
export function TrigramStrictWordSimilarity<const T extends string | AnyExpression, const E extends Source>(
  text: T,
  of: E,
): Likeness<E, T> {
  return likeness(["strict_word_similarity((", ")::text, (", ")::text)"], of, text, true);
}

/** How different a text is from the words of another one that are most like it. */
export function TrigramStrictWordDistance<const T extends string | AnyExpression, const E extends Source>(
  text: T,
  of: E,
): Likeness<E, T> {
  return likeness(["((", ")::text <<<-> (", ")::text)"], of, text, true);
}

function likeness<R>(pieces: readonly string[], of: unknown, text: unknown, textFirst = false): R {
  const [column, other] = [source(of, "Trigram…"), operand(text)];
  const args = textFirst ? [other, column] : [column, other];
  return make({ kind: "sql", pieces: { postgres: pieces }, args, output: { kind: "float", options: {} } });
}
