import fc from "fast-check";
import { expect, test } from "vitest";
import { dateOf, momentOf } from "../../../src/backends/base/moment.ts";
import { FieldValueError, fields } from "../../../src/index.ts";

test("reads what databases write, to the millisecond, as Date does", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("0100-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.constantFrom("", "000", "999"),
      fc.constantFrom("", "+00"),
      (date, more, zone) => {
        const text = date.toISOString().slice(0, 23).replace("T", " ");
        expect(momentOf(`${text}${more}${zone}`)).toEqual(date);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

test("fewer digits behind the point", () => {
  expect(momentOf("2026-11-21 07:03:12+00")).toEqual(new Date("2026-11-21T07:03:12.000Z"));
  expect(momentOf("2026-11-21 07:03:12.3+00")).toEqual(new Date("2026-11-21T07:03:12.300Z"));
  expect(momentOf("2026-11-21 07:03:12.04")).toEqual(new Date("2026-11-21T07:03:12.040Z"));
});

test("leaves to others what is written in another way", () => {
  for (const text of [
    "infinity",
    "0099-01-01 00:00:00+00",
    "2026-11-21",
    "12026-11-21 07:03:12",
    "2026-11-21 07:03:12+01",
  ]) {
    expect(momentOf(text), text).toBeUndefined();
  }
});

test("what others have written is a moment of UTC, or an error; never a Date that is none", () => {
  const field = fields.dateTime() as unknown as Parameters<typeof dateOf>[0];
  expect(dateOf(field, "0044-03-15 10:00:00.5+00")).toEqual(new Date("0044-03-15T10:00:00.500Z"));
  expect(dateOf(field, "2026-11-21T07:03:12Z")).toEqual(new Date("2026-11-21T07:03:12Z"));
  expect(dateOf(field, "2026-11-21")).toEqual(new Date("2026-11-21T00:00:00Z"));
  for (const text of ["infinity", "0044-03-15 00:00:00+00 BC", "yesterday", "", "2026-11-21 07:03:12+01"]) {
    expect(() => dateOf(field, text), text).toThrow(FieldValueError);
  }
});
