import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { FixtureError } from "../exceptions.ts";

/** One row of a fixture. Source: https://docs.djangoproject.com/en/5.2/topics/serialization/#json */
export interface FixtureRow {
  /** App and model: `"blog.Author"`. */
  readonly model: string;
  /** The primary key; a list where it has several fields. Without one, the row gets a key of its own. */
  readonly pk?: unknown;
  /** Values by field name; of a relation the other row's key, of a many-to-many relation a list of keys. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a fixture file gives: rows, or a function that writes rows itself or gives them. */
export type Fixture =
  | readonly FixtureRow[]
  | (() => readonly FixtureRow[] | undefined | void | Promise<readonly FixtureRow[] | undefined | void>);

const KEYS = ["model", "pk", "fields"];

/** Checks that something is rows, each in the stated form. @param source How messages name the file. */
export function fixtureRows(source: string, value: unknown): readonly FixtureRow[] {
  if (!Array.isArray(value)) {
    throw new FixtureError(
      `${source} must be a list of rows, [{ "model": "blog.Author", "pk": 1, "fields": { … } }]; found ${describeValue(value)}.`,
    );
  }
  for (const [index, row] of value.entries()) checkRow(`${source}[${index}]`, row);
  return value;
}

function checkRow(place: string, row: unknown): void {
  if (!isRecord(row)) {
    throw new FixtureError(
      `${place} must be a row, { "model": "blog.Author", "pk": 1, "fields": { … } }; found ${describeValue(row)}.`,
    );
  }
  const { model, fields } = row;
  const unknown = Object.keys(row).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new FixtureError(`${place} has "${unknown}"; a row has model, pk and fields.${didYouMean(unknown, KEYS)}`);
  }
  if (typeof model !== "string") {
    throw new FixtureError(
      `${place}.model must be app and model as a text, such as "blog.Author"; found ${describeValue(model)}.`,
    );
  }
  if (fields !== undefined && !isRecord(fields)) {
    throw new FixtureError(
      `${place}.fields must be an object of values by field name; found ${describeValue(fields)}.`,
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
