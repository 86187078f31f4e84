import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { AnyField } from "../fields/field.types.ts";
import type { CallNode } from "./arithmetic.types.ts";
import { outputField } from "./cast.ts";
import { type ExpressionNode, operand, source } from "./expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn } from "./expression.types.ts";
import { make } from "./make.ts";
import type { FuncOptions, Source, SourcePaths, SourceValue } from "./source.types.ts";

/** Carries the expressions in a fragment; no value has it. */
declare const WITHIN: unique symbol;

/** A name in SQL, quoted. */
class Identifier {
  readonly text: string;

  constructor(names: readonly string[]) {
    for (const name of names) {
      if (typeof name === "string" && name !== "" && !name.includes("\0")) continue;
      throw new QueryError(`sql.identifier takes names; found ${describeValue(name)}.`);
    }
    this.text = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(".");
    Object.freeze(this);
  }
}

/** A piece of SQL with values in it, made by `sql`. E: the expressions in it. */
export class SqlFragment<E = never> {
  declare readonly [WITHIN]: E;
  /** The SQL around the values: one more than there are of these. */
  readonly pieces: readonly string[];
  readonly args: readonly ExpressionNode[];

  constructor(pieces: readonly string[], args: readonly ExpressionNode[]) {
    this.pieces = Object.freeze([...pieces]);
    this.args = Object.freeze([...args]);
    Object.freeze(this);
  }

  /** The fragment as an expression, whose values are read as those of a kind of field: `.as(fields.integer())`. */
  as<const F extends AnyField>(output: F): Expression<F, PathsIn<E>, ConditionsIn<E>> {
    return make({ kind: "sql", pieces: this.pieces, args: this.args, output: outputField(output, "sql`…`.as") });
  }
}

/** What `sql` makes of a template. */
export interface Sql {
  <const T extends readonly unknown[]>(strings: TemplateStringsArray, ...values: T): SqlFragment<InFragment<T[number]>>;
  /** A name, quoted: of a column, or of a table and its column. */
  identifier(...names: readonly string[]): object;
  /** Values or fragments with a fragment between them, by itself a comma. */
  join<const T>(values: readonly T[], separator?: SqlFragment): SqlFragment<InFragment<T>>;
}
type InFragment<T> = T extends AnyExpression ? T : T extends SqlFragment<infer E> ? E : never;

/**
 * SQL as it is written. What is interpolated is never SQL: a value becomes a parameter, an expression what it computes,
 * another fragment is put in, and `sql.identifier` quotes a name.
 * @example
 * Book.objects.annotate({ decade: sql`${F("published__year")} / 10 * 10`.as(fields.integer()) });
 */
export const sql: Sql = Object.assign(
  (strings: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment => {
    if (!Array.isArray(strings) || !("raw" in strings)) {
      throw new QueryError("sql is a template's tag: write sql`select …`, so that values stay apart from the SQL.");
    }
    return fragmentOf(strings, values);
  },
  {
    identifier: (...names: readonly string[]): object => new Identifier(names),
    join(values: readonly unknown[], separator: SqlFragment = fragmentOf([", "], [])): SqlFragment {
      const parts = values.flatMap((value, index) => (index === 0 ? [value] : [separator, value]));
      return fragmentOf(["", ...parts.map(() => "")], parts);
    },
  },
) as unknown as Sql;

function fragmentOf(strings: readonly string[], values: readonly unknown[]): SqlFragment {
  const pieces: string[] = [strings[0] ?? ""];
  const args: ExpressionNode[] = [];
  const write = (text: string) => {
    pieces[pieces.length - 1] += text;
  };
  for (const [index, value] of values.entries()) {
    if (value instanceof Identifier) write(value.text);
    else if (value instanceof SqlFragment) {
      const [first = "", ...others] = value.pieces;
      write(first);
      args.push(...value.args);
      pieces.push(...others);
    } else {
      args.push(operand(value));
      pieces.push("");
    }
    write(strings[index + 1] ?? "");
  }
  return new SqlFragment(pieces, args);
}

/** A function's name may have its schema's before it. */
const FUNCTION_NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i;

/**
 * A function of the database that has no name here: `Func("soundex", ["name"], { output: fields.text() })`. The name may
 * differ between databases; the arguments are paths and expressions.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/expressions/#func-expressions
 * @example
 * const Soundex = <const E extends string>(of: E) => Func("soundex", [of], { output: fields.text() });
 */
export function Func<const T extends readonly Source[], const F extends AnyField>(
  name: string | { readonly sqlite?: string; readonly postgres?: string },
  of: T,
  options: FuncOptions<F>,
): Expression<
  CallNode<"as", [F, ...{ -readonly [I in keyof T]: SourceValue<T[I]> }]>,
  SourcePaths<T[number]>,
  ConditionsIn<T[number]>
> {
  const args = of.map((each) => source(each, "Func"));
  const pieces = (function_: unknown): string[] => {
    if (typeof function_ !== "string" || !FUNCTION_NAME.test(function_)) {
      throw new QueryError(`Func takes the name of a function of SQL; found ${describeValue(function_)}.`);
    }
    if (args.length === 0) return [`${function_}()`];
    return args.map((_arg, index) => (index === 0 ? `${function_}(` : ", ")).concat(")");
  };
  const written =
    typeof name === "object" && name !== null
      ? Object.fromEntries(Object.entries(name).map(([vendor, each]) => [vendor, pieces(each)]))
      : pieces(name);
  return make({ kind: "sql", pieces: written, args, output: outputField(options?.output, "Func") });
}
