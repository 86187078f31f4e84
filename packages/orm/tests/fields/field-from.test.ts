import { expect, test } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import type { Field } from "../../src/fields/field.ts";
import { fieldFrom, fieldKinds } from "../../src/fields/field-from.ts";
import { choices, fields } from "../../src/index.ts";

const field = (given: unknown) => given as Field;

test("a field is taken apart into what differs from the defaults, in alphabetical order", () => {
  const title = field(fields.char({ unique: true, maxLength: 9, null: false }));
  expect(title.deconstruct()).toEqual({ kind: "char", options: { maxLength: 9, unique: true } });
  expect(Object.keys(title.deconstruct().options)).toEqual(["maxLength", "unique"]);
  expect(field(fields.slug()).deconstruct()).toEqual({ kind: "slug", options: {} });
  const status = field(fields.char({ choices: choices({ a: "A" }) }));
  expect(status.deconstruct().options).toEqual({ choices: [["a", "A"]] });
});

const OPTIONS: Readonly<Record<string, object>> = {
  array: { base: { kind: "char", options: { maxLength: 9 } }, size: 3 },
  decimal: { decimalPlaces: 2, maxDigits: 5 },
  generated: {
    expression: { kind: "reference", path: "price" },
    output: { kind: "decimal", options: { decimalPlaces: 2, maxDigits: 5 } },
    stored: true,
  },
};

test("every kind is made again of its parts", () => {
  for (const kind of fieldKinds) {
    const to = /^(foreignKey|oneToOne)$/.test(kind) ? { to: "shop.Author" } : {};
    const options = OPTIONS[kind] ?? { null: true };
    const parts = { kind, ...to, options };
    expect(fieldFrom(parts).deconstruct()).toEqual(parts);
  }
});

test("an unknown kind is refused, naming the nearest", () => {
  expect(() => fieldFrom({ kind: "chars", options: {} })).toThrow(
    'There is no kind of field "chars". Did you mean "char"?',
  );
  expect(() => fieldFrom({ kind: "foreignKey", options: {} })).toThrow('A field of kind "foreignKey" needs the model');
});

test("columns are in snake case, those of relations end in _id", () => {
  const to = { to: "shop.Author", options: { onDelete: "cascade" } };
  expect(fieldFrom({ kind: "foreignKey", ...to }).bind("mainAuthor").column).toBe("main_author_id");
  expect(field(fields.char()).clone().bind("shortURLName").column).toBe("short_url_name");
  expect(
    field(fields.char({ dbColumn: "Own" }))
      .clone()
      .bind("x").column,
  ).toBe("Own");
});

test("decimals are exact at the limits", () => {
  const backend = openDatabase("x", { url: "sqlite::memory:" });
  const price = field(fields.decimal({ maxDigits: 18, decimalPlaces: 3 }))
    .clone()
    .bind("price");
  for (const [given, stored, back] of [
    ["999999999999999.999", 999_999_999_999_999_999n, "999999999999999.999"],
    ["-0.001", -1n, "-0.001"],
    ["-0", 0n, "0.000"],
    ["+7", 7000n, "7.000"],
    [".5", 500n, "0.500"],
  ] as const) {
    expect(price.toDatabase(given, backend)).toBe(stored);
    expect(price.fromDatabase(stored, backend)).toBe(back);
  }
  for (const bad of ["1e3", "", ".", "1.2345", "1000000000000000", 1.5, "Infinity"]) {
    expect(() => price.toDatabase(bad, backend)).toThrow("price takes");
  }
});
