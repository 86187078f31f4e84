import {
  type Columns,
  type Conflicts,
  isComputed,
  type NewAmount,
  type Part,
  type Row,
  type Stored,
  type Where,
  type Write,
} from "./spec.ts";

/** What is written, without a database: after each write what it gave, and the rows that there are then. */
export function evaluate(rows: readonly Row[], writes: readonly Write[]): unknown {
  const table = new Table(rows);
  return writes.map((write) => {
    const before = table.rows;
    try {
      return { gave: table.write(write), rows: table.stored() };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      table.rows = before;
      return { gave: error.message, rows: table.stored() };
    }
  });
}

/** An error of the program under test, by its name. */
class Refused extends Error {}

class Table {
  rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.rows = rows;
  }

  stored(): Stored[] {
    return this.#sorted().map(stored);
  }

  write(write: Write): unknown {
    switch (write.kind) {
      case "create":
        return stored(this.#insert(write.row));
      case "bulkCreate":
        return write.rows.flatMap((row) => this.#created(row, write.conflicts));
      case "getOrCreate":
        return this.#getOrCreate(write.where, write.defaults);
      case "updateOrCreate": {
        const [row, isNew] = this.#getOrCreate(write.where, write.forNew ?? write.defaults);
        return isNew ? [row, isNew] : [stored(this.#change(row, write.defaults)), isNew];
      }
      case "bulkUpdate": {
        const rows = this.#sorted();
        const changed = write.changes.filter(({ place }) => place < rows.length);
        for (const { place, amount, note } of changed) {
          const row = rows[place] as Row;
          this.#change(row, chosen({ amount: amountOf(row, amount), note }, write.columns));
        }
        return changed.length;
      }
      case "save": {
        const row = this.#sorted()[write.place];
        if (row === undefined) return null;
        this.#change(row, write.columns === undefined ? write.values : chosen(write.values, write.columns));
        return null;
      }
      case "update": {
        const met = this.#met(write.where);
        for (const row of met) this.#change(row, { amount: amountOf(row, write.amount), note: write.note });
        return met.length;
      }
      case "delete": {
        const met = this.#met(write.where);
        this.rows = this.rows.filter((row) => !met.includes(row));
        return met.length;
      }
    }
  }

  /** The code is no column that is changed, so that it tells rows from each other. */
  #sorted(): Row[] {
    return [...this.rows].sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  #met({ columns, least }: Where): Row[] {
    return this.rows.filter(
      (row) =>
        Object.entries(columns).every(([name, value]) => row[name as keyof Row] === value) &&
        (least === undefined || (row.amount !== null && row.amount >= least)),
    );
  }

  #clash(row: Row, others = this.rows): Row | undefined {
    return others.find((other) => other.code === row.code || sameSlot(other, row));
  }

  #insert(row: Row): Row {
    if (this.#clash(row) !== undefined) throw new Refused("IntegrityError");
    this.rows = [...this.rows, row];
    return row;
  }

  #created(row: Row, conflicts: Conflicts): unknown[] {
    if (conflicts === "refuse") return [stored(this.#insert(row))];
    if (conflicts === "ignore") {
      if (this.#clash(row) === undefined) this.#insert(row);
      return ["ignored"];
    }
    const there = this.rows.find((other) =>
      conflicts.unique === "code" ? other.code === row.code : sameSlot(other, row),
    );
    if (there === undefined) return [stored(this.#insert(row))];
    return [stored(this.#change(there, chosen(row, conflicts.columns)))];
  }

  #getOrCreate(where: Where, defaults: Part): [Row, boolean] {
    const [first, ...others] = this.#met(where);
    if (others.length > 0) throw new Refused("MultipleObjectsReturned");
    if (first !== undefined) return [stored(first), false];
    const { code, shelf, slot = null, amount = null, note = null } = { ...where.columns, ...defaults };
    if (code === undefined || shelf === undefined) throw new Refused("no value");
    return [stored(this.#insert({ code, shelf, slot, amount, note })), true];
  }

  #change(given: Row, values: Part): Row {
    const others = this.rows.filter(({ code }) => code !== given.code);
    const { code, shelf, slot, amount, note } = { ...given, ...values };
    const changed: Row = { code, shelf, slot, amount, note };
    if (this.#clash(changed, others) !== undefined) throw new Refused("IntegrityError");
    this.rows = [...others, changed];
    return changed;
  }
}

function sameSlot(a: Row, b: Row): boolean {
  return a.slot !== null && a.shelf === b.shelf && a.slot === b.slot;
}

function stored({ code, shelf, slot, amount, note }: Row): Stored {
  return { code, shelf, slot, amount, note, twice: amount === null ? null : amount * 2, state: "new" };
}

function amountOf(row: Row, amount: NewAmount): number | null {
  if (!isComputed(amount)) return amount;
  return row.amount === null ? null : row.amount + amount.plus;
}

function chosen(values: Part, columns: Columns | readonly (keyof Row)[]): Part {
  return Object.fromEntries(Object.entries(values).filter(([name]) => (columns as readonly string[]).includes(name)));
}
