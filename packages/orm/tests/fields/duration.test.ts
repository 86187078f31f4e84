import fc from "fast-check";
import { expect, test } from "vitest";
import { Duration, FieldValueError } from "../../src/index.ts";

test("parts are added up; seconds and microseconds are never below zero", () => {
  expect(Duration.from({ hours: 25, minutes: -1, milliseconds: 1.5 })).toMatchObject({
    days: 1,
    seconds: 3540,
    microseconds: 1500,
  });
  expect(Duration.from({ microseconds: -1 })).toMatchObject({ days: -1, seconds: 86_399, microseconds: 999_999 });
  expect(Duration.from({ weeks: 1, days: 0.5 }).totalSeconds).toBe(648_000);
});

test("it adds, subtracts, compares and cannot be changed", () => {
  const hour = Duration.from({ hours: 1 });
  expect(
    hour
      .plus(Duration.from({ minutes: 30 }))
      .minus(hour)
      .equals(Duration.from({ minutes: 30 })),
  ).toBe(true);
  expect(hour.negated() < hour).toBe(true);
  expect(Object.isFrozen(hour)).toBe(true);
});

test("it is ISO 8601 in JSON and text", () => {
  const texts = ["PT0S", "P1DT2H3M4.5S", "-PT1H", "PT0.000001S", "P400D"];
  expect(texts.map((text) => JSON.stringify(Duration.parse(text)))).toEqual(texts.map((text) => `"${text}"`));
  expect(`${Duration.from({ minutes: 90 })}`).toBe("PT1H30M");
});

test("it reads what databases write, and days with a clock", () => {
  expect(Duration.parse("P-1DT-2H-3.5S").totalSeconds).toBe(-(86_400 + 7200 + 3.5));
  expect(Duration.parse("P1Y2M").days).toBe(425);
  expect(Duration.parse("1 02:30:00").totalSeconds).toBe(95_400);
  expect(Duration.parse("-1 day, 23:59:59.5").totalSeconds).toBe(-0.5);
  expect(Duration.parse("-00:01").totalSeconds).toBe(-60);
  for (const bad of ["", "P", "PT", "1h", "1:2:3", "P1"]) expect(() => Duration.parse(bad)).toThrow(FieldValueError);
  expect(() => Duration.from({ hours: Number.NaN })).toThrow("A duration's hours must be a finite number; found NaN.");
  expect(() => Duration.from({ years: 1 } as never)).toThrow('A duration has no part "years".');
});

test("every duration is read back from its text", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (total) => {
      expect(Duration.parse(Duration.fromMicroseconds(total).toJSON()).toMicroseconds()).toBe(total);
    }),
    { seed: 1 },
  );
});
