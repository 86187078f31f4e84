/** Writes as data, before anyone knows what comes of them. */

export interface Row {
  readonly code: string;
  readonly shelf: number;
  readonly slot: number | null;
  readonly amount: number | null;
  readonly note: string | null;
}
export type Part = Partial<Row>;
export type Column = keyof Row;

/** What a row is looked for by: columns, and the least that an amount is. */
export interface Where {
  readonly columns: Part;
  readonly least: number | undefined;
}

/** A value, or one that the database computes: the amount of the row with a number added. */
export type NewAmount = number | null | { readonly plus: number };

export type Write =
  | { readonly kind: "create"; readonly row: Row }
  | { readonly kind: "bulkCreate"; readonly rows: readonly Row[]; readonly conflicts: Conflicts; readonly size: Size }
  | { readonly kind: "getOrCreate"; readonly where: Where; readonly defaults: Part }
  | {
      readonly kind: "updateOrCreate";
      readonly where: Where;
      readonly defaults: Part;
      readonly forNew: Part | undefined;
    }
  /** Of the rows in the order of their codes, these get other values. */
  | { readonly kind: "bulkUpdate"; readonly changes: readonly Change[]; readonly columns: Columns; readonly size: Size }
  | { readonly kind: "save"; readonly place: number; readonly values: Part; readonly columns: Columns | undefined }
  | { readonly kind: "update"; readonly where: Where; readonly amount: NewAmount; readonly note: string | null }
  | { readonly kind: "delete"; readonly where: Where };

export type Conflicts = "refuse" | "ignore" | { readonly unique: "code" | "slot"; readonly columns: readonly Column[] };
/** The most rows of one statement. */
export type Size = number | undefined;
export type Columns = readonly ("amount" | "note")[];

export interface Change {
  readonly place: number;
  readonly amount: NewAmount;
  readonly note: string | null;
}

/** A row as the table has it. */
export interface Stored extends Row {
  readonly twice: number | null;
  readonly state: string;
}
export const COLUMNS = ["code", "shelf", "slot", "amount", "note"] as const;

export function isComputed(amount: NewAmount): amount is { readonly plus: number } {
  return typeof amount === "object" && amount !== null;
}
