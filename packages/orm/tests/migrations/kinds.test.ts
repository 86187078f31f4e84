import { join } from "node:path";
import { defineApp } from "@tsjango/kernel/apps";
import { expect, test } from "vitest";
import { optionsOf } from "../../src/fields/prepared.ts";
import {
  Case,
  choices,
  customField,
  DecimalField,
  Duration,
  F,
  fields,
  JsonField,
  Model,
  Now,
  Value,
  validators,
  When,
} from "../../src/index.ts";
import { createModel, migration } from "../../src/migrations/index.ts";
import { loadMigrations } from "../../src/migrations/loader.ts";
import { modelStateOf } from "../../src/migrations/models-state.ts";
import { replay } from "../../src/migrations/replay.ts";
import { writeMigration } from "../../src/migrations/writer.ts";
import type { ModelType } from "../../src/models/options.ts";
import { modelProblems, prepareModels } from "../../src/models/prepare.ts";
import { use } from "../support/use.ts";
import { projectDirectory } from "./project.ts";

class Money {
  readonly amount: string;
  constructor(amount: string) {
    this.amount = amount;
  }
}
class MoneyField extends DecimalField {
  protected override normalize(value: unknown): string {
    return super.normalize((value as Money).amount);
  }
}
class TagsField extends JsonField {
  protected override normalize(value: unknown): string {
    return super.normalize([...(value as Set<string>)]);
  }
}
const money = customField<Money, { readonly maxDigits: number; readonly decimalPlaces: number }>()(MoneyField);
const tags = customField<Set<string>>()(TagsField);

class Every extends Model<Every>()({
  key: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }),
  char: fields.char({ choices: choices({ a: "A" }), default: "a", blank: true, helpText: "h", dbComment: "it's" }),
  slug: fields.slug({ allowUnicode: true }),
  ipAddress: fields.ipAddress({ protocol: "ipv4", null: true }),
  filePath: fields.filePath({ path: "/", match: /x/, maxLength: 200 }),
  positiveSmallInteger: fields.positiveSmallInteger({ validators: [validators.minValue(1)] }),
  positiveBigInteger: fields.positiveBigInteger({ default: 5n }),
  time: fields.time({ autoNow: true }),
  duration: fields.duration({ default: Duration.from({ hours: -1, microseconds: 5 }) }),
  binary: fields.binary({ default: Uint8Array.of(1, 255), maxLength: 9 }),
  made: fields.dateTime({ dbDefault: Now() }),
  amount: fields.integer({ dbDefault: 3 }),
  price: money({ maxDigits: 8, decimalPlaces: 2, default: new Money("9.5") }),
  tags: tags({ default: new Set(["a", "b"]) }),
  list: fields.array(fields.char({ maxLength: 5, choices: ["a"], validators: [validators.slug()] }), {
    default: ["a"],
    size: 4,
  }),
  prices: fields.array(fields.array(money({ maxDigits: 8, decimalPlaces: 2 })), { default: [[new Money("1.5")]] }),
  words: fields.searchVector({ null: true }),
  total: fields.generated({
    expression: Case(When({ amount__gt: 1 }, F("price").times(F("amount"))), { default: Value("0") }),
    output: fields.decimal({ maxDigits: 12, decimalPlaces: 2, null: true }),
    stored: false,
    dbIndex: true,
  }),
  other: () =>
    fields.foreignKey(Every, { onDelete: { set: () => 1 }, null: true, toField: "slug", dbConstraint: false }),
}) {}

test("every kind and option is read back from the migration as it was written", async () => {
  prepareModels([{ config: defineApp({ name: "blog" }), models: { Every } }]);
  expect(modelProblems()).toEqual([]);
  const state = modelStateOf(optionsOf(Every as unknown as ModelType));
  expect(state.fields).toMatchObject({
    char: { options: { dbComment: "it's", default: "a" } },
    filePath: { options: { maxLength: 200 } },
    made: { options: { dbDefault: { $expression: { kind: "function", name: "now", args: [] } } } },
    price: { kind: "decimal", options: { default: "9.50", maxDigits: 8, decimalPlaces: 2 } },
    tags: { kind: "json", options: { default: ["a", "b"] } },
    list: { kind: "array", options: { base: { kind: "char", options: { maxLength: 5 } }, default: ["a"], size: 4 } },
    prices: { kind: "array", options: { default: [["1.50"]] } },
    other: { options: { onDelete: { set: null }, toField: "slug", dbConstraint: false } },
  });
  const project = use(projectDirectory());
  const { app, name, dbTable, indexes, constraints } = state;
  const operations = [createModel(name, { fields: state.fields, dbTable, indexes, constraints })];
  const written = { ...migration({ initial: true, operations }), app, name: "0001_initial" };
  writeMigration(join(project.path, "blog/migrations"), written);
  const { order } = await loadMigrations([defineApp({ name: "blog", path: join(project.path, "blog") })]);
  expect(replay(order).find("blog.Every")?.fields).toEqual(state.fields);
});
