import { ValidationError } from "@tsjango/kernel/exceptions";
import { expect, test } from "vitest";
import type { Field } from "../../src/fields/field.ts";
import { choices, Duration, fields, validators } from "../../src/index.ts";

/** What a validator or field has against a value: `code: message`. */
function against(run: () => void): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return Object.values(error.errors).flatMap((issues) => issues.map(({ code, message }) => `${code}: ${message}`));
  }
}
/** What of these values a validator refuses. */
const refused = (validate: (value: string) => void, values: readonly string[]) =>
  values.filter((value) => against(() => validate(value)).length > 0);

test("limits compare numbers, decimals by value, dates and durations", () => {
  expect(against(() => validators.minValue(1)(0))).toEqual([
    "min_value: Ensure this value is greater than or equal to 1.",
  ]);
  expect(against(() => validators.maxValue(1n)(2n))).toEqual([
    "max_value: Ensure this value is less than or equal to 1.",
  ]);
  expect(against(() => validators.maxValue("10")("9.50"))).toEqual([]);
  expect(against(() => validators.maxValue("10")("10.01"))).toHaveLength(1);
  expect(against(() => validators.minValue("-1.5")("-1.50"))).toEqual([]);
  expect(against(() => validators.minValue("2026-01-01")("2025-12-31"))).toHaveLength(1);
  expect(against(() => validators.maxValue(() => new Date(5))(new Date(6)))).toEqual([
    "max_value: Ensure this value is less than or equal to 1970-01-01T00:00:00.005Z.",
  ]);
  expect(against(() => validators.maxValue(Duration.from({ hours: 1 }))(Duration.from({ minutes: 61 })))).toHaveLength(
    1,
  );
});

test("steps count from an offset and forgive the errors of floats", () => {
  expect(against(() => validators.stepValue(0.1)(0.3))).toEqual([]);
  expect(against(() => validators.stepValue(3, { offset: 1 })(7))).toEqual([]);
  expect(against(() => validators.stepValue(3, { offset: 1 })(6))).toEqual([
    "step_size: Ensure this value is a multiple of step size 3, starting from 1.",
  ]);
});

test("lengths count characters, and messages can be one's own", () => {
  expect(against(() => validators.maxLength(2)("\u{1F600}\u{1F600}"))).toEqual([]);
  expect(against(() => validators.maxLength(1)("ab"))).toEqual([
    "max_length: Ensure this value has at most 1 character (it has 2).",
  ]);
  expect(against(() => validators.minLength(3, { message: "More!", code: "short" })("ab"))).toEqual(["short: More!"]);
});

test("a pattern is used afresh each time, and may be one that must not be found", () => {
  const digits = validators.regex(/\d/g);
  expect([against(() => digits("a1")), against(() => digits("a1"))]).toEqual([[], []]);
  expect(against(() => validators.regex(/\d/, { inverse: true })("a1"))).toEqual(["invalid: Enter a valid value."]);
});

test("addresses, URLs, slugs, names of hosts and files", () => {
  const good = [
    "a@b.co",
    "a.b+c@sub.example.com",
    '"a b"@example.com',
    "a@localhost",
    "a@[127.0.0.1]",
    "ä@b.c".replace("ä", "a"),
  ];
  expect(
    refused(validators.email(), [...good, "a", "a@", "@b.co", "a b@c.de", "a@b", "a@-b.co", "a@b.co\n", "a..b@c.de"]),
  ).toEqual(["a", "a@", "@b.co", "a b@c.de", "a@b", "a@-b.co", "a@b.co\n", "a..b@c.de"]);
  expect(
    refused(validators.url(), [
      "https://example.com/a?b#c",
      "http://localhost:8000/",
      "http://[::1]/",
      "ftp://ü.de",
      "javascript:alert(1)",
      "http://",
      "//a.b",
      "http://a b.co",
      "http://nodots/",
    ]),
  ).toEqual(["javascript:alert(1)", "http://", "//a.b", "http://a b.co", "http://nodots/"]);
  expect(refused(validators.slug(), ["a-b_1", "ä", "a b", ""])).toEqual(["ä", "a b", ""]);
  expect(refused(validators.unicodeSlug(), ["ä-1", "a b"])).toEqual(["a b"]);
  expect(refused(validators.ipv4(), ["1.2.3.4", "01.2.3.4", "1.2.3", "::1"])).toEqual(["01.2.3.4", "1.2.3", "::1"]);
  expect(refused(validators.ipv6(), ["::1", "1.2.3.4", "fe80::1%eth0"])).toEqual(["1.2.3.4", "fe80::1%eth0"]);
  expect(refused(validators.ip(), ["::1", "1.2.3.4", "x"])).toEqual(["x"]);
  expect(refused(validators.domainName(), ["example.com", "com", "a_b.com", "1.2.3.4"])).toEqual([
    "com",
    "a_b.com",
    "1.2.3.4",
  ]);
  expect(refused(validators.integerList(), ["1,2", "1, 2", "-1", ""])).toEqual(["1, 2", "-1", ""]);
  expect(refused(validators.integerList({ separator: ";", allowNegative: true }), ["-1;2", "1,2"])).toEqual(["1,2"]);
  expect(refused(validators.fileExtension(["pdf", ".TXT"]), ["a.PDF", "b.txt", "c.exe", "pdf", "a.pdf/b"])).toEqual([
    "c.exe",
    "pdf",
    "a.pdf/b",
  ]);
  expect(refused(validators.noNullCharacters(), ["a", "a\0"])).toEqual(["a\0"]);
  expect(refused(validators.decimal(4, 2), ["12.34", "123.4", "1.234", "123", "x", "-99.99"])).toEqual([
    "123.4",
    "1.234",
    "123",
    "x",
  ]);
});

const check = (given: unknown, value: unknown) => against(() => (given as Field).clone().bind("x").validate(value));

test("a field checks null, type, choices, blank and its validators, in this order", () => {
  expect(check(fields.char(), null)).toEqual(["null: This field cannot be null."]);
  expect(check(fields.char({ null: true }), null)).toEqual([]);
  expect(check(fields.char(), "")).toEqual(["blank: This field cannot be blank."]);
  expect(check(fields.char({ blank: true, validators: [validators.minLength(2)] }), "")).toEqual([]);
  expect(check(fields.integer(), "3")).toEqual([
    "invalid: This field takes a whole number from -2147483648 to 2147483647.",
  ]);
  expect(check(fields.char({ choices: choices({ a: "A" }) }), "b")).toEqual([
    "invalid_choice: Value 'b' is not a valid choice.",
  ]);
  expect(check(fields.integer({ choices: [[1, "One"]] }), 2)).toEqual([
    "invalid_choice: Value 2 is not a valid choice.",
  ]);
  expect(check(fields.email({ maxLength: 3, validators: [validators.regex(/x/)] }), "abcd")).toEqual([
    "invalid: Enter a valid email address.",
    "max_length: Ensure this value has at most 3 characters (it has 4).",
    "invalid: Enter a valid value.",
  ]);
  expect(check(fields.dateTime({ autoNow: true }), undefined)).toEqual([]);
  expect(check(fields.json({ blank: true }), {})).toEqual([]);
  expect(check(fields.json(), [])).toEqual(["blank: This field cannot be blank."]);
  expect(check(fields.boolean(), false)).toEqual([]);
});

test("a validator that gives a promise is a mistake that is said", () => {
  const slow = fields.char({ validators: [(async () => {}) as never] });
  expect(() => check(slow, "a")).toThrow(
    "A validator of x is asynchronous; validators of fields give their answer at once.",
  );
});
