import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionsOf } from "../../src/fields/prepared.ts";
import { Duration } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { loose } from "../support/loose.ts";
import * as models from "./models.ts";

type Models = typeof models;

/** The managers of the models. */
export type Doors = {
  readonly [K in keyof Models as Models[K] extends { readonly objects: unknown } ? K : never]: Models[K] extends {
    readonly objects: infer O;
  }
    ? O
    : never;
};

/** A golden query; rows, or a value. */
export type GoldenQuery = (m: Doors) => PromiseLike<unknown>;

export function doors(): Doors {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, loose(model)])) as unknown as Doors;
}

const DATA = join(import.meta.dirname, "../../../../scripts/golden/data.json");

/** Fills the tables with the rows that Django had. */
export async function load(): Promise<void> {
  const tables: Record<string, Record<string, unknown>[]> = JSON.parse(readFileSync(DATA, "utf8"));
  const byName = new Map<string, unknown>(Object.entries(models));
  for (const [name, rows] of Object.entries(tables)) {
    const model = byName.get(name) as ModelType & { objects: unknown };
    const options = optionsOf(model);
    const made = rows.map(({ tags: _, ...row }) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, read(options.field(key).kind, value)])),
    );
    await loose(model).bulkCreate(made);
    const links = rows.flatMap(({ id, tags }) => ((tags ?? []) as number[]).map((tag) => ({ book: id, tag })));
    const through = options.manyToMany[0]?.through as unknown as { objects: unknown };
    if (links.length > 0) await loose(through).bulkCreate(links);
  }
}

function read(kind: string, value: unknown): unknown {
  if (value === null) return null;
  if (kind === "dateTime") return new Date(value as string);
  return kind === "duration" ? Duration.from({ microseconds: value as number }) : value;
}
