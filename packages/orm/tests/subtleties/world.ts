import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Backend } from "../../src/backends/base/backend.ts";
import { type LooseManager, type LooseRow, loose } from "../support/loose.ts";
import { openProject, statements, type TestProject } from "../support/project.ts";
import * as models from "./models.ts";

/** The managers, without their types: what is proved here is SQL and rows. */
export interface World {
  A: LooseManager;
  B: LooseManager;
  P: LooseManager;
  S: LooseManager;
  T: LooseManager;
  N: LooseManager;
  /** Rows by name, title or label. */
  row: Record<string, LooseRow>;
}

/**
 * Ann wrote X (2001, price 5, by Alpha, tags t1 and t2) and Y (2002, no price, no publisher, tag t1); Bob wrote X2
 * (2001, price 7, by Beta); Cem, whose age is unknown, wrote nothing. One and Two sell X, Two sells Y.
 */
export function world(vendor: Backend["vendor"]): World {
  const made = { row: {} } as World;
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  beforeEach(async () => {
    made.A = loose(models.Author);
    made.B = loose(models.Book);
    made.P = loose(models.Pub);
    made.S = loose(models.Store);
    made.T = loose(models.Tag);
    made.N = loose(models.Note);
    made.row = await fill(made);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  return made;
}

async function fill({ A, B, P, S, T, N }: World): Promise<Record<string, LooseRow>> {
  for (const table of [S, B, T, P, A, N]) await table.all().delete();
  const Ann = await A.create({ name: "Ann", age: 40 });
  const Bob = await A.create({ name: "Bob", age: 30, boss: Ann });
  const Cem = await A.create({ name: "Cem", boss: Bob });
  const Alpha = await P.create({ name: "Alpha" });
  const Beta = await P.create({ name: "Beta" });
  const t1 = await T.create({ label: "t1" });
  const t2 = await T.create({ label: "t2" });
  const X = await B.create({ title: "X", author: Ann, pub: Alpha, price: 5, year: 2001 });
  const Y = await B.create({ title: "Y", author: Ann, year: 2002 });
  const X2 = await B.create({ title: "X2", author: Bob, pub: Beta, price: 7, year: 2001 });
  await X["tags"].add(t1, t2);
  await Y["tags"].add(t1);
  const One = await S.create({ name: "One" });
  const Two = await S.create({ name: "Two" });
  await One["books"].add(X);
  await Two["books"].add(X, Y);
  return { Ann, Bob, Cem, Alpha, Beta, t1, t2, X, Y, X2, One, Two };
}

/**
 * The statements that `run` sends, in a form to read: no quotes, no prefix of the app, the columns of instances as
 * `book.*`.
 */
export async function shapes(run: () => PromiseLike<unknown>): Promise<string[]> {
  return (await statements(run)).map((sql) =>
    sql
      .replaceAll('"', "")
      .replaceAll("shop_", "")
      .replace(/(?<=select (?:distinct )?)((?:\w+\.\w+, )+)(\w+)\.\w+/, (all, _list, table: string) =>
        all.startsWith(`${table}.id, ${table}.`) ? `${table}.*` : all,
      ),
  );
}

/** The one statement that `run` sends. */
export async function shape(run: () => PromiseLike<unknown>): Promise<string> {
  const sent = await shapes(run);
  if (sent.length === 1) return sent[0] as string;
  throw new Error(`One statement was expected, there were ${sent.length}:\n${sent.join("\n")}`);
}

/** The names, titles or labels of rows, in their order. */
export async function names(rows: PromiseLike<unknown[]>): Promise<string[]> {
  return ((await rows) as LooseRow[]).map((row) => row["name"] ?? row["title"] ?? row["label"] ?? row["text"]);
}
