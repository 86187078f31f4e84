import { expect, test } from "vitest";
import { call } from "../../src/backends/base/raw.ts";
import { sqliteFunctions } from "../../src/backends/sqlite/functions.ts";
import { connections } from "../../src/connections.ts";
import { Field } from "../../src/fields/field.ts";
import { HiddenColumns } from "../../src/sql/hidden-columns.ts";
import { openProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./expressions/models.ts";
import { expressionsMeanTheSame } from "./expressions/property.ts";

const { stringAgg, jsonHasKeys, truncated, rounded, shift } = sqliteFunctions;

/** Mistakes in what expressions become; the property must find each. */
const MISTAKES: Readonly<Record<string, () => () => void>> = {
  "one null makes Greatest null": () =>
    patched(sqliteFunctions, "extreme", (which: string, nodes: never) =>
      call(which === "greatest" ? "max" : "min", ...(nodes as [])),
    ),
  "StringAgg forgets its order": () =>
    patched(sqliteFunctions, "stringAgg", (node: never, options: Parameters<typeof stringAgg>[1]) =>
      stringAgg(node, { ...options, order: undefined }),
    ),
  "any key of JSON is taken for all": () =>
    patched(sqliteFunctions, "jsonHasKeys", (node: never, keys: readonly string[]) => jsonHasKeys(node, keys, "any")),
  "weeks begin where months do": () =>
    patched(sqliteFunctions, "truncated", (dated: never, to: Parameters<typeof truncated>[1]) =>
      truncated(dated, to === "truncWeek" ? "truncMonth" : to),
    ),
  "Round cuts off": () =>
    patched(sqliteFunctions, "rounded", (_how: never, typed: never, places: number) =>
      rounded("floor", typed, Math.min(places, 0)),
    ),
  "a duration before a moment is one after it": () =>
    patched(sqliteFunctions, "shift", (_sign: never, ...given: [never, never]) => shift("+", ...given)),
  "using is forgotten": () => {
    const get = connections.get.bind(connections);
    return patched(connections, "get", () => get("default"));
  },
  "a missing value under a not loses its row": () => {
    const before = Object.getOwnPropertyDescriptor(Field.prototype, "null") as PropertyDescriptor;
    Object.defineProperty(Field.prototype, "null", { configurable: true, get: () => false });
    return () => Object.defineProperty(Field.prototype, "null", before);
  },
  "a condition on one window reads another": () => {
    const before = Object.getOwnPropertyDescriptor(HiddenColumns.prototype, "nodes") as PropertyDescriptor;
    Object.defineProperty(HiddenColumns.prototype, "nodes", {
      configurable: true,
      get(this: HiddenColumns) {
        const found = before.get?.call(this) as { alias: unknown }[];
        const aliases = found.map(({ alias }) => alias).reverse();
        return found.map((node, index) => ({ ...node, alias: aliases[index] }));
      },
    });
    return () => Object.defineProperty(HiddenColumns.prototype, "nodes", before);
  },
};

for (const [mistake, plant] of Object.entries(MISTAKES)) {
  test(`the property finds it: ${mistake}`, { timeout: 60_000 }, async () => {
    use(await openProject("sqlite", models, { others: ["other"] }));
    await expect(expressionsMeanTheSame({ cases: 4000, seed: 47, plant })).rejects.toThrow(/the oracle says/);
    await expressionsMeanTheSame({ cases: 20, seed: 2 });
  });
}

function patched(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, value });
  return () => {
    if (before === undefined) delete (target as Record<string, unknown>)[name];
    else Object.defineProperty(target, name, before);
  };
}
