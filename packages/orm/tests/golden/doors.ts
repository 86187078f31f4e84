import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optionsOf } from "../../src/fields/prepared.ts";
import { Duration } from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { loose } from "../support/loose.ts";
import * as models from "./models.ts";

/** The managers of models. */
export type DoorsOf<Models> = {
  readonly [K in keyof Models as Models[K] extends { readonly objects: unknown } ? K : never]: Models[K] extends {
    readonly objects: infer O;
  }
    ? O
    : never;
};

/** The managers of the models. */
export type Doors = DoorsOf<typeof models>;

/** A golden query; rows, or a value. */
export type GoldenQuery = (m: Doors) => PromiseLike<unknown>;

export function doorsOf<Models extends Readonly<Record<string, { readonly objects: unknown }>>>(
  of: Models,
): DoorsOf<Models> {
  return Object.fromEntries(Object.entries(of).map(([name, model]) => [name, loose(model)])) as DoorsOf<Models>;
}

export function doors(): Doors {
  return doorsOf(models);
}

/** Fills the tables with the rows that Django had. */
export async function load(): Promise<void> {
  await fill("data.json", models);
}

const DATA = join(import.meta.dirname, "../../../../scripts/golden");

/** Fills the tables of models with the rows of a file. */
export async function fill(file: string, of: Readonly<Record<string, unknown>>): Promise<void> {
  const tables: Record<string, Record<string, unknown>[]> = JSON.parse(readFileSync(join(DATA, file), "utf8"));
  const byName = new Map<string, unknown>(Object.entries(of));
  for (const [name, rows] of Object.entries(tables)) {
    const model = byName.get(name) as ModelType & { objects: unknown };
    const options = optionsOf(model);
    const [links] = options.manyToMany;
    const made = rows.map(({ ...row }) => {
      if (links !== undefined) delete row["tags"];
      return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, read(options.field(key).kind, value)]));
    });
    await loose(model).bulkCreate(made);
    if (links !== undefined) await link(links.through as unknown as { objects: unknown }, rows);
  }
}

async function link(through: { readonly objects: unknown }, rows: readonly Record<string, unknown>[]): Promise<void> {
  const links = rows.flatMap(({ id, tags }) => ((tags ?? []) as number[]).map((tag) => ({ book: id, tag })));
  if (links.length > 0) await loose(through).bulkCreate(links);
}

function read(kind: string, value: unknown): unknown {
  if (value === null) return null;
  if (kind === "dateTime") return new Date(value as string);
  return kind === "duration" ? Duration.from({ microseconds: value as number }) : value;
}
