import { MultipleObjectsReturned } from "@tsjango/kernel/exceptions";
import { FieldValueError, IntegrityError } from "../../../src/exceptions.ts";
import { F } from "../../../src/index.ts";
import { atomic } from "../../../src/transaction.ts";
import { type LooseManager, type LooseRow, loose } from "../../support/loose.ts";
import { undone } from "../undone.ts";
import { Stock } from "./models.ts";
import { type Conflicts, isComputed, type NewAmount, type Row, type Stored, type Where, type Write } from "./spec.ts";

interface Writer extends LooseManager {
  bulkCreate(rows: readonly object[], options?: object): Promise<LooseRow[]>;
  bulkUpdate(rows: readonly unknown[], names: readonly string[], options?: object): Promise<number>;
  getOrCreate(where: object, options?: object): Promise<[LooseRow, boolean]>;
  updateOrCreate(where: object, options?: object): Promise<[LooseRow, boolean]>;
}
const stock = () => loose(Stock) as Writer;

/** What the code under test writes, and gives. */
export async function written(writes: readonly Write[]): Promise<unknown> {
  return await undone(async () => {
    const found: unknown[] = [];
    for (const write of writes) {
      const gave = await atomic(async () => await run(write)).catch(nameOf);
      found.push({ gave, rows: (await inOrder()).map(stored) });
    }
    return found;
  });
}

function nameOf(error: unknown): string {
  if (error instanceof IntegrityError) return "IntegrityError";
  if (error instanceof MultipleObjectsReturned) return "MultipleObjectsReturned";
  if (error instanceof FieldValueError) return "no value";
  throw error;
}

async function inOrder(): Promise<LooseRow[]> {
  return (await stock().orderBy("code")) as LooseRow[];
}

async function run(write: Write): Promise<unknown> {
  switch (write.kind) {
    case "create":
      return stored(await stock().create({ ...write.row }));
    case "bulkCreate": {
      const size = write.size === undefined ? {} : { batchSize: write.size };
      const made = await stock().bulkCreate(write.rows, { ...conflictOptions(write.conflicts), ...size });
      if (write.conflicts === "ignore") return made.map(() => "ignored");
      return await Promise.all(made.map(reread));
    }
    case "getOrCreate": {
      const [row, isNew] = await stock().getOrCreate(lookups(write.where), { defaults: write.defaults });
      return [stored(row), isNew];
    }
    case "updateOrCreate": {
      const { where, defaults, forNew } = write;
      const options = { defaults, ...(forNew !== undefined && { createDefaults: forNew }) };
      const [row, isNew] = await stock().updateOrCreate(lookups(where), options);
      return [stored(row), isNew];
    }
    case "bulkUpdate": {
      const rows = await inOrder();
      const changed = write.changes.flatMap(({ place, amount, note }) => {
        const row = rows[place];
        return row === undefined ? [] : [Object.assign(row, { amount: amountOf(amount), note })];
      });
      return await stock().bulkUpdate(
        changed,
        write.columns,
        write.size === undefined ? {} : { batchSize: write.size },
      );
    }
    case "save": {
      const row = (await inOrder())[write.place];
      if (row === undefined) return null;
      Object.assign(row, write.values);
      await row["save"](write.columns === undefined ? {} : { updateFields: write.columns });
      return null;
    }
    case "update":
      return await stock()
        .filter(lookups(write.where))
        .update({ amount: amountOf(write.amount), note: write.note });
    case "delete":
      return await stock().filter(lookups(write.where)).delete();
  }
}

function conflictOptions(conflicts: Conflicts): object {
  if (conflicts === "refuse") return {};
  if (conflicts === "ignore") return { ignoreConflicts: true };
  const uniqueFields = conflicts.unique === "code" ? ["code"] : ["shelf", "slot"];
  return { updateConflicts: true, uniqueFields, updateFields: conflicts.columns };
}

function lookups({ columns, least }: Where): Record<string, unknown> {
  return { ...columns, ...(least !== undefined && { amount__gte: least }) };
}

function amountOf(amount: NewAmount): unknown {
  return isComputed(amount) ? F("amount").plus(amount.plus) : amount;
}

/** The row that an instance of bulkCreate has the key of: with what the database computed, as the instance knows it. */
async function reread(made: LooseRow): Promise<Stored> {
  const row = await stock().get({ id: made["id"] });
  for (const name of ["twice", "state"]) {
    if (row[name] !== made[name]) throw new Error(`the oracle says that ${name} is ${row[name]}, not ${made[name]}`);
  }
  return stored(row);
}

function stored(row: LooseRow): Stored {
  const { code, shelf, slot, amount, note, twice, state } = row as unknown as Stored;
  return { code, shelf, slot, amount, note, twice, state };
}

/** Fills the table. */
export async function load(rows: readonly Row[]): Promise<void> {
  await stock().all().delete();
  if (rows.length > 0) await stock().bulkCreate(rows);
}
