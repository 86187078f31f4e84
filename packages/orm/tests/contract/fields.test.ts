import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { choices, Duration, fields, Model } from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

const Priority = choices({ low: [1, "Low"], high: [2, "High"] });

class Sample extends Model<Sample>()({
  char: fields.char({ null: true, maxLength: 20 }),
  text: fields.text({ null: true }),
  slug: fields.slug({ null: true }),
  email: fields.email({ null: true }),
  url: fields.url({ null: true }),
  uuid: fields.uuid({ null: true }),
  ipAddress: fields.ipAddress({ null: true }),
  unpacked: fields.ipAddress({ null: true, unpackIpv4: true }),
  integer: fields.integer({ null: true }),
  smallInteger: fields.smallInteger({ null: true }),
  positiveInteger: fields.positiveInteger({ null: true }),
  positiveSmallInteger: fields.positiveSmallInteger({ null: true }),
  bigInteger: fields.bigInteger({ null: true }),
  positiveBigInteger: fields.positiveBigInteger({ null: true }),
  float: fields.float({ null: true }),
  decimal: fields.decimal({ null: true, maxDigits: 18, decimalPlaces: 5 }),
  whole: fields.decimal({ null: true, maxDigits: 18, decimalPlaces: 0 }),
  boolean: fields.boolean({ null: true }),
  dateTime: fields.dateTime({ null: true }),
  date: fields.date({ null: true }),
  time: fields.time({ null: true }),
  duration: fields.duration({ null: true }),
  binary: fields.binary({ null: true }),
  json: fields.json({ null: true }),
  priority: fields.integer({ null: true, choices: Priority }),
}) {}

class Reference extends Model<Reference>()({
  to: () => fields.foreignKey(Keyed, { onDelete: "cascade" }),
}) {}
class Keyed extends Model<Keyed>()({ key: fields.time({ primaryKey: true }), name: fields.char({ default: "" }) }) {}

type Name = keyof (typeof Sample)["fields"];

/** Edge values of each kind, with what comes back where that is another form of the same. */
const EDGES: Readonly<Record<Name, readonly (unknown | readonly [given: unknown, back: unknown])[]>> = {
  char: ["", " ", "\u{1F600}".repeat(20), "Ž'\"\\%_\n\u2028"],
  text: ["", "a".repeat(100_000), "\uFEFF", "\u{10FFFF}\uE000"],
  slug: ["a-b_C9"],
  email: ["a@b.c"],
  url: ["https://example.com/ü?x=1#y"],
  uuid: [["0189B7EA-6C0E-7C1E-9B3F-1F2D3C4B5A69", "0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69"]],
  ipAddress: [
    "192.0.2.1",
    "2001:db8::1",
    "::",
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::FFFF:c000:0201", "::ffff:192.0.2.1"],
  ],
  unpacked: [["::ffff:192.0.2.1", "192.0.2.1"]],
  integer: [-2_147_483_648, 2_147_483_647, 0, [-0, 0]],
  smallInteger: [-32_768, 32_767],
  positiveInteger: [0, 2_147_483_647],
  positiveSmallInteger: [0, 32_767],
  bigInteger: [-(2n ** 63n), 2n ** 63n - 1n, 9_007_199_254_740_993n, [7, 7n]],
  positiveBigInteger: [0n, 2n ** 63n - 1n],
  float: [0.1, 5e-324, Number.MAX_VALUE, -1e-7, 1e21, 2 ** 53, [-0, 0]],
  decimal: [
    "9999999999999.99999",
    "-9999999999999.99999",
    ["0", "0.00000"],
    ["-0.0", "0.00000"],
    ["+.5", "0.50000"],
    ["007.10", "7.10000"],
  ],
  whole: ["999999999999999999", "-1", ["1.000", "1"]],
  boolean: [true, false],
  dateTime: [
    new Date("0001-01-01T00:00:00.000Z"),
    new Date("9999-12-31T23:59:59.999Z"),
    new Date("1969-12-31T23:59:59.999Z"),
    new Date("2024-02-29T12:00:00.001Z"),
  ],
  date: ["0001-01-01", "9999-12-31", "2024-02-29", "1582-10-10"],
  time: [
    "00:00:00",
    "23:59:59.999999",
    ["07:03", "07:03:00"],
    ["07:03:12.5", "07:03:12.500000"],
    ["01:02:03.000", "01:02:03"],
  ],
  duration: [
    Duration.from({}),
    Duration.from({ microseconds: 1 }),
    Duration.from({ microseconds: -1 }),
    Duration.from({ days: -1, hours: 3 }),
    Duration.fromMicroseconds(2n ** 63n - 1n),
    Duration.fromMicroseconds(-(2n ** 63n)),
  ],
  binary: [new Uint8Array(), Uint8Array.of(0, 255, 39, 92), new Uint8Array(70_000).fill(7)],
  json: [
    "",
    "text",
    0,
    false,
    [],
    {},
    [null, 1.5, "\u{1F600}"],
    { a: { b: [true, null] }, "": 1, "é'\"": "\\u0000" },
    [{ a: 1, b: undefined }, { a: 1 }],
    1e308,
  ],
  priority: [1, 2],
};

/** One value of each kind. */
const ARBITRARY: Readonly<Partial<Record<Name, fc.Arbitrary<unknown>>>> = {
  char: fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !text.includes("\0")),
  text: fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")),
  uuid: fc.uuid(),
  integer: fc.integer(),
  smallInteger: fc.integer({ min: -32_768, max: 32_767 }),
  bigInteger: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  decimal: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map((number) => {
    const digits = String(number < 0n ? -number : number).padStart(6, "0");
    return `${number < 0n ? "-" : ""}${digits.slice(0, -5)}.${digits.slice(-5)}`;
  }),
  boolean: fc.boolean(),
  dateTime: fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  }),
  date: fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  duration: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((total) => Duration.fromMicroseconds(total)),
  binary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Uint8Array.from(bytes)),
  json: fc
    .jsonValue({ noUnicodeString: false } as never)
    .filter((value) => value !== null && !JSON.stringify(value).includes("\\u") && !/-0\b/.test(JSON.stringify(value))),
};

function seconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

function pairOf(name: Name, edge: unknown): readonly [given: unknown, back: unknown] {
  const paired = Array.isArray(edge) && edge.length === 2 && (name !== "json" || typeof edge[0] === "object");
  return paired && name !== "boolean" ? (edge as [unknown, unknown]) : [edge, edge];
}

describeDatabases("fields", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Sample, Reference, Keyed });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const written = async (values: object) => {
    const made = await Sample.objects.create(values);
    return Sample.objects.get({ id: made.id });
  };

  test.for(Object.keys(EDGES) as Name[])("%s comes back as it was written, at the edges too", async (name) => {
    for (const edge of EDGES[name]) {
      const [given, back] = pairOf(name, edge);
      expect({ given, back: (await written({ [name]: given }))[name] }).toEqual({ given, back });
    }
    expect((await written({ [name]: null }))[name]).toBeNull();
  });

  test("edges come back from rows that are written together", async () => {
    for (const name of Object.keys(EDGES) as Name[]) {
      const pairs = EDGES[name].map((edge) => pairOf(name, edge));
      const given = Array.from({ length: 13 }, (_, index) => pairs[index]?.[0] ?? null);
      const made = await Sample.objects.bulkCreate(given.map((value) => ({ [name]: value })) as object[]);
      const rows = await Sample.objects.inBulk(made.map((row) => row.id));
      const back = made.map((row) => rows.get(row.id)?.[name]);
      expect({ name, back }).toEqual({ name, back: given.map((_, index) => pairs[index]?.[1] ?? null) });
    }
  });

  test("an equal value finds the row, whatever form it is written in", async () => {
    for (const name of Object.keys(EDGES).filter((each) => each !== "json") as Name[]) {
      for (const edge of EDGES[name]) {
        await Sample.objects.all().delete();
        const [given, back] = pairOf(name, edge);
        await Sample.objects.create({ [name]: given } as object);
        const counts = [
          await Sample.objects.filter({ [name]: given } as object).count(),
          await Sample.objects.filter({ [`${name}__in`]: [back] } as object).count(),
          await Sample.objects.exclude({ [name]: given } as object).count(),
        ];
        expect({ name, given, counts }).toEqual({ name, given, counts: [1, 1, 0] });
      }
    }
  });

  const { json: _json, ...found } = ARBITRARY;
  const comesBack = fc.asyncProperty(fc.record(ARBITRARY as Record<string, fc.Arbitrary<unknown>>), async (values) => {
    const made = await Sample.objects.create(values);
    const row = await Sample.objects.get({ id: made.id });
    expect(Object.fromEntries(Object.keys(values).map((name) => [name, row[name as Name]]))).toEqual(values);
    const lookups = Object.fromEntries(Object.keys(found).map((name) => [name, values[name]]));
    expect(await Sample.objects.filter({ ...lookups, id: made.id } as object).count()).toBe(1);
  });

  test("whatever is written comes back, and is found", async () => {
    await fc.assert(comesBack, { numRuns: 60, seed: 4 });
  });

  test.each<[string, (storage: string, value: unknown) => unknown]>([
    ["date-times in seconds", (storage, value) => (storage === "dateTime" ? seconds(value as Date) : value)],
    ["floats of 32 bits", (storage, value) => (storage === "real" ? Math.fround(value as number) : value)],
    ["texts without spaces at their ends", (storage, value) => (storage === "text" ? String(value).trim() : value)],
  ])("the property finds a planted bug: %s", async (_name, spoil) => {
    const { operations } = project.backend;
    const { encode } = operations;
    operations.encode = (field, value) => encode(field, spoil(field.storage, value));
    try {
      expect((await fc.check(comesBack, { numRuns: 200, seed: 4, endOnFailure: true })).failed).toBe(true);
    } finally {
      operations.encode = encode;
    }
  });

  test("times, dates, date-times, durations, decimals and bytes keep their order", async () => {
    await Sample.objects.all().delete();
    for (const microseconds of [5n, -5n, 0n, 10n ** 15n]) {
      await Sample.objects.create({ duration: Duration.fromMicroseconds(microseconds) });
    }
    const durations = await Sample.objects.orderBy("duration");
    expect(durations.map((row) => row.duration?.toMicroseconds())).toEqual([-5n, 0n, 5n, 10n ** 15n]);
    await Sample.objects.all().delete();
    for (const time of ["10:00", "09:59:59.9", "09:59:59.95", "00:00:00.1"]) await Sample.objects.create({ time });
    expect((await Sample.objects.orderBy("time")).map((row) => row.time)).toEqual([
      "00:00:00.100000",
      "09:59:59.900000",
      "09:59:59.950000",
      "10:00:00",
    ]);
  });

  test("a relation has the codec of the key it refers to", async () => {
    const keyed = await Keyed.objects.create({ key: "07:03:12.5" });
    await Reference.objects.create({ to: keyed });
    const reference = await Reference.objects.get({ toId: "07:03:12.500000" });
    expect(reference.toId).toBe("07:03:12.500000");
    expect((await Reference.objects.selectRelated("to").get({ to: "07:03:12.5" })).to.key).toBe("07:03:12.500000");
    await expect(Reference.objects.create({ to: "25:00" })).rejects.toThrow("Reference.to takes a time as a string");
  });
});
