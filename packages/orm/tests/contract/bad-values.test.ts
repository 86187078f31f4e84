import { afterAll, beforeAll, expect, test } from "vitest";
import { Duration, FieldValueError, fields, Model } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

class Every extends Model<Every>()({
  text: fields.char({ null: true, maxLength: 5 }),
  uuid: fields.uuid({ null: true }),
  address: fields.ipAddress({ null: true, protocol: "ipv4" }),
  integer: fields.integer({ null: true }),
  small: fields.positiveSmallInteger({ null: true }),
  big: fields.bigInteger({ null: true }),
  positive: fields.positiveBigInteger({ null: true }),
  float: fields.float({ null: true }),
  decimal: fields.decimal({ null: true, maxDigits: 4, decimalPlaces: 2 }),
  boolean: fields.boolean({ null: true }),
  dateTime: fields.dateTime({ null: true }),
  date: fields.date({ null: true }),
  time: fields.time({ null: true }),
  duration: fields.duration({ null: true }),
  binary: fields.binary({ null: true, maxLength: 2 }),
  parent: () => fields.foreignKey(Every, { onDelete: "cascade", null: true }),
}) {}

/** For each field, values that its column cannot be compared with, and what the message says it takes. */
const REFUSED: readonly [name: string, takes: string, values: readonly unknown[]][] = [
  ["text", "a string", [1, {}, ["a"], true]],
  ["text", "a string without NUL characters", ["a\0"]],
  ["text", "a string without halves of surrogate pairs", ["\ud800", "a\udc00"]],
  ["uuid", "a UUID", ["0189b7ea", 7]],
  ["address", "an IPv4 address", ["::1", "1.2.3", "01.2.3.4"]],
  ["integer", "a whole number from -2147483648 to 2147483647", [1.5, Number.NaN, 2 ** 31, "1", 1n, 2 ** 60]],
  ["small", "a whole number from 0 to 32767", [-1, 32_768]],
  ["big", "a bigint from", [2n ** 63n, 2 ** 53, 0.5, "1"]],
  ["positive", "a bigint from 0", [-1n]],
  ["float", "a finite number", [Number.NaN, Number.POSITIVE_INFINITY, "1", 1n]],
  ["decimal", "a decimal as a string", [1.5, "", ".", "1e3", "NaN", "1,5"]],
  ["decimal", "at most 4 digits, 2 of them after the point", ["100", "0.001"]],
  ["boolean", "true or false", [0, 1, "true"]],
  ["dateTime", "a valid Date", [new Date(Number.NaN), "2026-01-01", 0, new Date("+010000-01-01T00:00:00Z")]],
  ["date", "a date as a string", ["2026-02-30", "2026-2-3", new Date(0), "0000-01-01"]],
  ["time", "a time as a string", ["24:00", "7:03", "07:60", "07:03:12.1234567", new Date(0)]],
  ["duration", "a Duration", [3600, "PT1H", Duration.fromMicroseconds(2n ** 63n)]],
  ["binary", "bytes as a Uint8Array", ["a", [1], new ArrayBuffer(1)]],
  ["parent", "a whole number", ["1", 1.5, Number.NaN]],
];

/** Values that are only too large to be written. */
const TOO_LARGE: readonly [name: string, takes: string, value: unknown][] = [
  ["text", "at most 5 characters, and this has 6", "123456"],
  ["binary", "at most 2 bytes, and these are 3", new Uint8Array(3)],
];

describeDatabases("bad values", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Every });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  /** What a call throws, and what it sent. */
  async function failure(run: () => PromiseLike<unknown>): Promise<[error: Error | undefined, sent: string[]]> {
    let error: Error | undefined;
    const sent = await statements(async () => {
      try {
        await run();
      } catch (caught) {
        error = caught as Error;
      }
    });
    return [error, sent];
  }

  test.each(REFUSED)("%s takes %s, and nothing else reaches the database", async (name, takes, values) => {
    for (const value of values) {
      const given = { [name]: value } as object;
      const calls: (() => PromiseLike<unknown>)[] = [
        () => Every.objects.create(given),
        () => Every.objects.bulkCreate([given]),
        () => Every.objects.update(given as never),
        () => Every.objects.filter(given),
        () => Every.objects.exclude(given),
        () => Every.objects.filter({ [`${name}__in`]: [value] } as object),
      ];
      for (const call of calls) {
        const [error, sent] = await failure(call);
        expect({
          value,
          call: String(call),
          error: error?.constructor.name,
          sent: sent.filter((sql) => !/^(begin|rollback)/i.test(sql)),
        }).toEqual({
          value,
          call: String(call),
          error: FieldValueError.name,
          sent: [],
        });
        expect(error?.message).toContain(`Every.${name} takes ${takes}`);
      }
    }
  });

  test.each(TOO_LARGE)("%s: %s, when it is written", async (name, takes, value) => {
    const given = { [name]: value } as object;
    for (const call of [() => Every.objects.create(given), () => Every.objects.update(given as never)]) {
      const [error, sent] = await failure(call);
      expect([error?.constructor.name, sent]).toEqual([FieldValueError.name, []]);
      expect(error?.message).toContain(`Every.${name} takes ${takes}`);
    }
    expect(await Every.objects.filter(given).count()).toBe(0);
  });

  test.each(["contains", "icontains", "iexact", "startswith", "endswith", "regex"])(
    "text__%s takes what a text can be",
    async (lookup) => {
      for (const value of ["a\0", "\ud800", 1]) {
        const [error, sent] = await failure(() => Every.objects.filter({ [`text__${lookup}`]: value } as object));
        expect({ value, thrown: error !== undefined, sent }).toEqual({ value, thrown: true, sent: [] });
      }
    },
  );
});
