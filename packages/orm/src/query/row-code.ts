import type { Decode } from "./decoders.ts";

/** A row as the driver gives it. */
export type Row = readonly unknown[];

/** A value of a row: its name, the column that it is read from, and how. */
export interface ReadColumn {
  readonly name: string;
  readonly index: number;
  /** Undefined: as it is. */
  readonly decode: Decode | undefined;
  /** What reads several columns of the row as one value, in the place of `decode`. */
  readonly gather?: ((row: Row) => unknown) | undefined;
}

/** The value of a column. */
export function valueIn({ index, decode, gather }: ReadColumn, row: Row): unknown {
  if (gather !== undefined) return gather(row);
  return decode === undefined ? row[index] : decode(row[index]);
}

/** Whether this process may make code of texts; `--disallow-code-generation-from-strings` forbids it. */
function codeIsAllowed(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}

let allowed: boolean | undefined;

/**
 * Makes a function of a text; undefined where that is forbidden. All instances that one function fills have one shape, and
 * each of its places in the code sees one type of values: several times as fast as a loop over the columns.
 */
function compiled<F>(columns: readonly ReadColumn[], write: (values: readonly string[]) => string): F | undefined {
  allowed ??= codeIsAllowed();
  if (!allowed) return undefined;
  const values = columns.map(({ index, decode, gather }, n) =>
    gather ? `read${n}(row)` : decode ? `read${n}(row[${index}])` : `row[${index}]`,
  );
  const names = columns.map((_, n) => `read${n}`);
  // Nothing of a query goes into the code but numbers, and names as string literals.
  return new Function(...names, `"use strict"; ${write(values)}`)(
    ...columns.map(({ decode, gather }) => gather ?? decode),
  ) as F;
}

/** Sets properties of an object to the values of a row. */
export function fillerOf(columns: readonly ReadColumn[]): (target: object, row: Row) => void {
  const code = compiled<(target: object, row: Row) => void>(columns, (values) => {
    const lines = columns.map(({ name }, n) => `target[${JSON.stringify(name)}] = ${values[n]};`);
    return `return (target, row) => { ${lines.join(" ")} };`;
  });
  if (code !== undefined) return code;
  return (target, row) => {
    for (const column of columns) (target as Record<string, unknown>)[column.name] = valueIn(column, row);
  };
}

/** Makes an object of a row. */
export function objectOf(columns: readonly ReadColumn[]): (row: Row) => Record<string, unknown> {
  const code = compiled<(row: Row) => Record<string, unknown>>(columns, (values) => {
    const parts = columns.map(({ name }, n) => `[${JSON.stringify(name)}]: ${values[n]}`);
    return `return (row) => ({ ${parts.join(", ")} });`;
  });
  if (code !== undefined) return code;
  const fill = fillerOf(columns);
  return (row) => {
    const made: Record<string, unknown> = {};
    fill(made, row);
    return made;
  };
}

/** Makes a list of a row. */
export function listOf(columns: readonly ReadColumn[]): (row: Row) => unknown[] {
  return (row) => columns.map((column) => valueIn(column, row));
}

/** Makes a list of a row whose values have names, too; what is made of that list has none. */
export function namedOf(columns: readonly ReadColumn[]): (row: Row) => unknown[] {
  class NamedRow extends Array<unknown> {
    static override get [Symbol.species](): ArrayConstructor {
      return Array;
    }
  }
  for (const [place, { name }] of columns.entries()) {
    Object.defineProperty(NamedRow.prototype, name, {
      get(this: NamedRow) {
        return this[place];
      },
    });
  }
  const read = listOf(columns);
  return (row) => {
    const made = new NamedRow(columns.length);
    for (const [place, value] of read(row).entries()) made[place] = value;
    return made;
  };
}
