import { expect, test } from "vitest";
import type { Field } from "../../src/fields/field.ts";
import { Duration, fields } from "../../src/index.ts";
import { valueFromJson } from "../../src/serialization/from-json.ts";

const read = (field: unknown, value: unknown) => valueFromJson((field as Field).bind("f"), value);

test("values that JSON has become the field's own; those that are so already stay", () => {
  const bytes = new Uint8Array([0, 255, 10]);
  expect(read(fields.binary(), "AP8K")).toEqual(bytes);
  expect(read(fields.binary(), bytes)).toBe(bytes);
  expect(read(fields.duration(), "PT1H30M")).toEqual(Duration.from({ minutes: 90 }));
  expect(read(fields.bigInteger(), "-7")).toBe(-7n);
  expect(read(fields.dateTime(), "2026-11-21 10:00:00.5+0100")).toEqual(new Date("2026-11-21T09:00:00.500Z"));
  expect(read(fields.json(), { a: [null] })).toEqual({ a: [null] });
  expect(read(fields.text(), "AP8K")).toBe("AP8K");
  expect([fields.binary(), fields.dateTime(), fields.json()].map((field) => read(field, null))).toEqual([
    null,
    null,
    null,
  ]);
});

test("others are refused", () => {
  expect(() => read(fields.binary(), "AP8")).toThrow("f takes bytes as a string in Base64; found string 'AP8'.");
  expect(() => read(fields.duration(), "soon")).toThrow(/soon/);
  expect(() => read(fields.dateTime(), "2026-02-30T10:00:00")).toThrow("f takes a time with its zone");
});
