import { z } from "zod";
import {
  CharField,
  type ChoiceOf,
  choices,
  customField,
  Duration,
  F,
  fields,
  Model,
  Now,
  validators,
} from "../../src/index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => {};

const Status = choices({ draft: "Draft", done: "Published" });
const Size = choices({ small: ["S", "Small"], large: ["L", "Large"] });
const Priority = choices({ low: [1, "Low"], high: [2, "High"] });

class Point {
  declare readonly x: number;
}
class PointField extends CharField {}
const point = customField<Point>()(PointField);
const sized = customField<Point, { readonly size: number }>()(PointField);

class Owner extends Model<Owner>()({ name: fields.char({ unique: true }) }) {}
class Every extends Model<Every>()({
  char: fields.char(),
  ipAddress: fields.ipAddress({ protocol: "ipv4" }),
  filePath: fields.filePath({ path: "/", match: /x/ }),
  positiveSmallInteger: fields.positiveSmallInteger(),
  positiveBigInteger: fields.positiveBigInteger({ null: true }),
  float: fields.float({ default: 1.5 }),
  time: fields.time(),
  duration: fields.duration({ default: () => Duration.from({ hours: 1 }) }),
  binary: fields.binary({ maxLength: 3 }),
  json: fields.json<{ a: number }>(),
  checked: fields.json({ schema: z.object({ theme: z.enum(["dark", "light"]) }), null: true }),
  status: fields.char({ choices: Status, dbDefault: "draft" }),
  priority: fields.integer({ choices: Priority }),
  listed: fields.char({ choices: ["a", "b"] }),
  labelled: fields.integer({
    choices: [
      [1, "One"],
      [2, "Two"],
    ],
  }),
  made: fields.dateTime({ dbDefault: Now() }),
  checkedNumber: fields.integer({ validators: [validators.minValue(1), (value) => void value.toFixed()] }),
  total: fields.generated({ expression: F("float").times(2), output: fields.float({ null: true }) }),
  at: point({ null: true }),
  area: sized({ size: 3 }),
  owner: () => fields.foreignKey(Owner, { onDelete: { set: () => 1 }, toField: "name", default: 1 }),
}) {}

declare const every: Every;
is<Equal<ChoiceOf<typeof Status>, "draft" | "done">>();
is<Equal<ChoiceOf<typeof Priority>, 1 | 2>>();
is<Equal<ChoiceOf<typeof Size>, "S" | "L">>();
is<Equal<typeof Size.large, "L">>();
is<Equal<typeof Priority.high, 2>>();
is<Equal<typeof every.ipAddress, string>>();
is<Equal<typeof every.filePath, string>>();
is<Equal<typeof every.positiveSmallInteger, number>>();
is<Equal<typeof every.positiveBigInteger, bigint | null>>();
is<Equal<typeof every.time, string>>();
is<Equal<typeof every.duration, Duration>>();
is<Equal<typeof every.binary, Uint8Array>>();
is<Equal<typeof every.json, { a: number }>>();
is<Equal<typeof every.checked, { theme: "dark" | "light" } | null>>();
is<Equal<typeof every.status, "draft" | "done">>();
is<Equal<typeof every.priority, 1 | 2>>();
is<Equal<typeof every.listed, "a" | "b">>();
is<Equal<typeof every.labelled, 1 | 2>>();
is<Equal<typeof every.total, number | null>>();
is<Equal<typeof every.at, Point | null>>();
is<Equal<typeof every.area, Point>>();
is<Equal<ReturnType<typeof every.getStatusDisplay>, "Draft" | "Published">>();
is<Equal<ReturnType<typeof every.getPriorityDisplay>, "Low" | "High">>();
is<Equal<ReturnType<typeof every.getLabelledDisplay>, "One" | "Two">>();

const values = {
  char: "",
  ipAddress: "::1",
  filePath: "/x",
  positiveSmallInteger: 1,
  time: "07:03",
  binary: new Uint8Array(),
  json: { a: 1 },
  priority: Priority.low,
  listed: "a",
  labelled: 2,
  checkedNumber: 1,
  area: new Point(),
} as const;

export async function uses(): Promise<void> {
  await Every.objects.create(values);
  await Every.objects.create({ ...values, owner: 1 });
  await Every.objects.create({ ...values, status: "done", made: new Date(), duration: Duration.from({}) });
  Every.objects.filter({ duration__gt: Duration.from({ days: 1 }), time__lt: "12:00", at: new Point() });

  // @ts-expect-error a value that is no choice
  await Every.objects.create({ ...values, priority: 3 });
  // @ts-expect-error a generated column is not written
  await Every.objects.create({ ...values, total: 1 });
  // @ts-expect-error a required field is missing
  await Every.objects.create({ char: "" });
  // @ts-expect-error a duration is no number of seconds
  Every.objects.filter({ duration__gt: 3600 });
}

// @ts-expect-error a default of another type
fields.integer({ default: "1" });
// @ts-expect-error a validator of another type
fields.char({ validators: [validators.stepValue(1)] });
// @ts-expect-error digits are required
fields.decimal({});
// @ts-expect-error a path is required
fields.filePath({});
// @ts-expect-error an option that a field does not have
fields.boolean({ maxLength: 3 });
// @ts-expect-error no such rule
fields.foreignKey(Owner, { onDelete: "explode" });
// @ts-expect-error the extra option is required
sized({});
// @ts-expect-error a key that the database numbers is a primary key
fields.auto({});
// @ts-expect-error numbers need a label
choices({ low: [1] });
