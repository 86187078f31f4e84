import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { DeconstructedField, Field } from "../fields/field.ts";
import type { AnyField } from "../fields/field.types.ts";
import type { CallNode } from "./arithmetic.types.ts";
import { source } from "./expression.ts";
import type { ConditionsIn, Expression } from "./expression.types.ts";
import { make } from "./make.ts";
import type { Call, Source, SourcePaths, SourceValue } from "./source.types.ts";

/**
 * A value as one of another kind: `Cast("pages", fields.text())`, `Cast("weight", fields.decimal({ maxDigits: 8,
 * decimalPlaces: 2 }))`. What cannot be read so, such as a text that is no number, is an error of the database.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#cast
 */
export function Cast<const E extends Source, const T extends AnyField>(
  of: E,
  output: T,
): Expression<CallNode<"as", [T, SourceValue<E>]>, SourcePaths<E>, ConditionsIn<E>> {
  return make({ kind: "cast", of: source(of, "Cast"), output: outputField(output, "Cast") });
}

/**
 * A text that is compared and ordered by a collation of the database: `Collate("name", "und-x-icu")`, on SQLite
 * `nocase`, `rtrim` or `binary`. Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#collate
 */
export function Collate<const E extends Source>(of: E, collation: string): Call<"text", [E]> {
  if (typeof collation !== "string" || !/^[\w@.-]{1,63}$/.test(collation)) {
    throw new QueryError(
      `Collate: a collation's name is of letters, digits, "_", "-", "." and "@"; found ${describeValue(collation)}.`,
    );
  }
  return make({ kind: "collate", of: source(of, "Collate"), collation });
}

/** A kind of field as plain data. */
export function outputField(given: unknown, name: string): DeconstructedField {
  if (isColumn(given)) return given.deconstruct();
  throw new QueryError(`${name}: the output is a kind of field, such as fields.text(); found ${describeValue(given)}.`);
}

/** Told by what it does: fields know expressions, so that their class is not to be had here. */
function isColumn(given: unknown): given is Field {
  return (
    typeof given === "object" &&
    given !== null &&
    "deconstruct" in given &&
    "hasColumn" in given &&
    given.hasColumn === true
  );
}
